import { describe, expect, test } from 'vitest';
import { checkList } from '../../src/expression/check-list.ts';
import { CouldNotEvaluate, evaluateCondition, evaluateList } from '../../src/expression/condition.ts';
import { SAMPLE_TYPES, sampleScope } from '../support/sample-scope.ts';

const around = { later: [], field: 'in' };

describe('the items of a list must be what the scope holds', () => {
  const scope = sampleScope();

  test.each([
    ['inputs.names', ['web', 'api']],
    ['["a"] + inputs.names', ['a', 'web', 'api']],
    ['[1, 2]', [1, 2]],
    ['[0.5]', [0.5]],
    ['stack.services.map(s, s.name)', ['web', 'worker']],
    ['stack.services.map(s, [s.replicas])', [[2], [1]]],
    ['[inputs.soak]', ['1m30s']],
    ['stack.services.filter(s, s.replicas > 5)', []],
    ['inputs.strict ? inputs.names : ["x"]', ['web', 'api']],
  ])('%s', (expression, items) => {
    expect(evaluateList(expression, scope)).toEqual(items);
  });

  test.each(['stack.services', 'stack.services.filter(s, s.replicas > 1)'])(
    '%s: the very same objects',
    (expression) => {
      const services = (scope.facts['stack'] as { services: unknown[] }).services;
      expect(evaluateList(expression, scope)[0]).toBe(services[0]);
    },
  );

  test('a field that no schema names must stay on its item', () => {
    const facts = { stack: { services: [{ name: 'web', replicas: 2, extra: null }] } };
    expect(evaluateList('stack.services.filter(s, s.replicas > 1)', sampleScope({ facts }))).toEqual(
      facts.stack.services,
    );
  });

  test.each(['inputs.strict', 'steps.up.untyped', 'inputs.smoke_url', 'steps.pull.ok', 'nobody.list', 'inputs.names['])(
    '%s could not be evaluated, and is not an empty list',
    (expression) => {
      expect(() => evaluateList(expression, scope)).toThrow(CouldNotEvaluate);
    },
  );
});

describe('what a list holds must be known before', () => {
  test.each([
    ['inputs.names', { type: 'string' }],
    ['[1, 2]', { type: 'integer' }],
    ['[true]', { type: 'boolean' }],
    ['[1.5]', { type: 'number' }],
    ['[[1]]', { type: 'array', items: { type: 'integer' } }],
    ['stack.services.map(s, s.name)', { type: 'string' }],
    ['inputs.names + ["x"]', { type: 'string' }],
    ['[inputs.soak]', { type: 'string', format: 'duration' }],
  ])('%s', (expression, item) => {
    expect(checkList(expression, SAMPLE_TYPES, around)).toEqual({ faults: [], item });
  });

  test.each([
    'stack.services',
    'stack.services.filter(s, s.load > 0.5)',
    'inputs.strict ? stack.services : stack.services',
  ])('%s holds services with all their fields', (expression) => {
    const { item } = checkList(expression, SAMPLE_TYPES, around);
    expect(Object.keys(item?.properties ?? {})).toEqual(['name', 'health', 'replicas', 'load']);
  });

  test.each([
    ['inputs.tag', 'not-a-list'],
    ['stack.labels', 'not-a-list'],
    ['steps.up.untyped', 'untyped-list'],
    ['[]', 'untyped-list'],
    ['[1, "a"]', 'expression-type'],
    ['inputs.nmaes', 'unknown-input'],
    ['steps.nobody.list', 'unknown-step'],
    ['{{inputs.names}}', 'template-not-allowed'],
    ['', 'bad-expression'],
  ])('%s is refused: %s', (expression, code) => {
    expect(checkList(expression, SAMPLE_TYPES, around).faults.map((fault) => fault.code)).toEqual([code]);
  });
});

describe('the variable of a loop', () => {
  const service = SAMPLE_TYPES.facts['stack']?.properties?.['services']?.items ?? {};
  const types = { ...SAMPLE_TYPES, locals: { service, old: { type: 'array', items: { type: 'string' } } as const } };
  const locals = { service: { name: 'web', replicas: 2 }, old: ['a', 'b'] };

  test.each([
    ['service.name == "web" && service.replicas == 2', true],
    ['size(old) == 2 && old[0] == "b"', false],
    ['has(service.health)', false],
    ['stack.services.exists(s, s.name == service.name)', true],
  ])('%s', (condition, value) => {
    expect(evaluateCondition(condition, sampleScope({ locals, types })).value).toBe(value);
  });

  test('must have its value, or the condition could not be evaluated', () => {
    expect(() => evaluateCondition('size(old) == 2', sampleScope({ types }))).toThrow('`old` is not known here');
  });
});
