import { describe, expect, test } from 'vitest';
import { checkCondition } from '../../src/expression/check.ts';
import { CouldNotEvaluate, evaluateCondition, referencedPaths } from '../../src/expression/condition.ts';
import { withError } from '../../src/expression/schemas.ts';
import { SAMPLE_TYPES, sampleScope } from '../support/sample-scope.ts';

function failure(expression: string, changes: Parameters<typeof sampleScope>[0] = {}): CouldNotEvaluate {
  try {
    evaluateCondition(expression, sampleScope(changes));
  } catch (error) {
    if (error instanceof CouldNotEvaluate) return error;
    throw error;
  }
  throw new Error('it was evaluated');
}

describe('F80 a condition that cannot be evaluated is an error of its own, never just false', () => {
  test('a missing value must be named with its path', () => {
    const error = failure('steps.pull.ok == true');
    expect(error.missing).toEqual(['steps', 'pull']);
    expect(error.message).toBe('`steps.pull` has no value');
  });

  test('a variable that is not there at all must be named', () => {
    expect(failure('result.ok').missing).toEqual(['result']);
  });

  test('a value of another type than declared must not be converted', () => {
    const error = failure('inputs.strict', { inputs: { strict: 'false' } });
    expect(error.message).toBe('a value in `inputs.strict` is of another type than declared');
  });

  test('the message must never print a value', () => {
    const secret = 'hunter2';
    const scope = {
      inputs: { tag: secret, names: [secret], replicas: 1 },
      facts: { stack: { labels: { a: secret } } },
    };
    for (const expression of [
      'int(inputs.tag) == 1',
      'bool(inputs.tag)',
      'inputs.names[4] == ""',
      'stack.labels.b == ""',
      'duration(inputs.tag) > duration("1s")',
      'regex("x", inputs.tag + "(")',
      'timestamp(inputs.tag) == timestamp(inputs.tag)',
    ])
      expect(failure(expression, scope).message).not.toContain(secret);
  });
});

describe('F79 text must never count as true', () => {
  test.each([
    '"false"',
    '"true"',
    'inputs.tag',
    '{{inputs.strict}}',
    '{{inputs.strict}} ',
    '${{ inputs.strict }}',
    'true and more',
  ])('%j must be refused before the run', (expression) => {
    expect(checkCondition(expression, SAMPLE_TYPES, { later: [], field: 'when' })).toHaveLength(1);
  });

  test('and be an error in the run', () => {
    expect(failure('inputs.tag', { inputs: { tag: 'false' } }).message).toContain('neither true nor false');
  });
});

describe('values', () => {
  test('`error` must be there for retry', () => {
    const types = withError(SAMPLE_TYPES);
    const error = { class: 'transient', message: 'reset' };
    expect(evaluateCondition('error.class == "transient"', sampleScope({ error, types })).value).toBe(true);
  });

  test('`result` must be read by the schema of its action', () => {
    const types = { ...SAMPLE_TYPES, result: SAMPLE_TYPES.steps['up'] ?? {} };
    expect(evaluateCondition('result.created == 2', sampleScope({ result: { created: 2 }, types })).value).toBe(true);
  });

  test('a part that is not asked for must not matter, however long it is', () => {
    const result = { ok: true, untyped: 'x'.repeat(1_000_000) };
    const types = { ...SAMPLE_TYPES, result: SAMPLE_TYPES.steps['up'] ?? {} };
    expect(evaluateCondition('result.ok', sampleScope({ result, types })).value).toBe(true);
    expect(failure('result.untyped == ""', { result, types }).message).toContain('too long');
  });

  test('a list that is too long must be refused, so that evaluation stays bounded', () => {
    const names = Array.from({ length: 5_000 }, () => 'x');
    expect(failure('inputs.names.all(n, n == "x")', { inputs: { names } }).message).toContain('5000 items');
  });

  test('a hostile pattern must end in time', () => {
    const tag = `${'a'.repeat(5_000)}!`;
    expect(evaluateCondition('regex(inputs.tag, "^(a+)+$")', sampleScope({ inputs: { tag } })).value).toBe(false);
  });

  test('a map may have keys that JavaScript knows', () => {
    expect(evaluateCondition('stack.labels["constructor"] == "x"', sampleScope()).value).toBe(true);
  });

  test('null must count as absent', () => {
    expect(evaluateCondition('has(inputs.tag)', sampleScope({ inputs: { tag: null } })).value).toBe(false);
  });
});

test('the operands must hold what was asked for, long ones in short', () => {
  const { operands } = evaluateCondition(
    'inputs.tag != "" && size(stack.services) == 2 && "web" in inputs.names',
    sampleScope(),
  );
  expect(operands).toEqual({ 'inputs.tag': '1.10', 'stack.services': '2 items', 'inputs.names': ['web', 'api'] });
});

describe('referencedPaths', () => {
  test.each([
    ['steps.up.ok', [['steps', 'up', 'ok']]],
    [
      'has(inputs.a) && inputs["b"] == 1',
      [
        ['inputs', 'a'],
        ['inputs', 'b'],
      ],
    ],
    [
      'stack.services.all(s, s.health != inputs.h)',
      [
        ['stack', 'services'],
        ['inputs', 'h'],
      ],
    ],
    [
      'stack.services[inputs.n].name == ""',
      [
        ['stack', 'services'],
        ['inputs', 'n'],
      ],
    ],
    ['steps.?pull.?ok.orValue(false)', [['steps', 'pull', 'ok']]],
    ['type(inputs.a) == int', [['inputs', 'a']]],
    ['1 +', []],
  ])('%s', (expression, paths) => {
    expect(referencedPaths(expression)).toEqual(paths);
  });
});
