import { describe, expect, test } from 'vitest';
import { Problems } from '../../src/errors.ts';
import { resolveInputs } from '../../src/playbook/inputs.ts';
import type { InputDeclaration } from '../../src/playbook/types.ts';
import type { Json } from '../../src/runner/schema.ts';

function resolve(input: InputDeclaration, given?: string): Json | undefined {
  const options = { outside: false, cwd: '/home/me' };
  return resolveInputs({ inputs: { x: input } }, given === undefined ? {} : { x: given }, options).inputs['x'];
}

function messages(inputs: Record<string, InputDeclaration>, given: Record<string, string>): string[] {
  try {
    resolveInputs({ inputs }, given, { outside: false });
  } catch (error) {
    if (error instanceof Problems) return error.problems.map(({ code, message }) => `${code}: ${message}`);
    throw error;
  }
  return [];
}

describe('a text of the command line must become a value of the type', () => {
  test.each<[InputDeclaration, string, Json]>([
    [{ type: 'string' }, '1.10', '1.10'],
    [{ type: 'string' }, '{{inputs.y}}', '{{inputs.y}}'],
    [{ type: 'string' }, '', ''],
    [{ type: 'integer' }, '-3', -3],
    [{ type: 'number' }, '1.50', 1.5],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'duration' }, '1m30s', '1m30s'],
    [{ type: 'size' }, '512m', '512m'],
    [{ type: 'path' }, '../data', '/home/data'],
    [{ type: 'path' }, '/etc/x', '/etc/x'],
    [{ type: 'url' }, 'https://x.example/', 'https://x.example/'],
    [{ type: 'service' }, 'web', 'web'],
    [{ type: 'enum', values: ['a', 2] }, '2', 2],
    [{ type: 'list' }, 'a, b', ['a', 'b']],
    [{ type: 'list' }, '', []],
    [{ type: 'list', items: 'integer' }, '1,2', [1, 2]],
    [{ type: 'list', items: 'path' }, 'a', ['/home/me/a']],
  ])('%j %j', (input, given, value) => {
    expect(resolve(input, given)).toEqual(value);
  });
});

describe('what does not fit must be refused', () => {
  test.each<[InputDeclaration, string, string]>([
    [{ type: 'integer' }, '1.5', 'must be a whole number'],
    [{ type: 'integer' }, '0x10', 'must be a whole number'],
    [{ type: 'integer' }, '', 'must be a whole number'],
    [{ type: 'boolean' }, 'yes', 'must be `true` or `false`'],
    [{ type: 'duration' }, '5', 'must be a duration'],
    [{ type: 'size' }, 'much', 'must be a size'],
    [{ type: 'url' }, 'localhost', 'must be a URL'],
    [{ type: 'service' }, 'a b', 'must be the name of a Compose service'],
    [{ type: 'path' }, '', 'must be a path'],
    [{ type: 'enum', values: ['rolling', 'recreate'] }, 'roling', 'cannot be `roling`'],
    [{ type: 'string', pattern: '[0-9.]+' }, '1.0; rm', 'must match'],
    [{ type: 'string', pattern: 'a|ab' }, 'abc', 'must match'],
    [{ type: 'string', min_length: 2 }, 'a', 'needs at least 2 characters'],
    [{ type: 'string', max_length: 2 }, 'abc', 'takes at most 2 characters'],
    [{ type: 'integer', min: 1, max: 3 }, '4', 'must be at most 3'],
    [{ type: 'number', min: 0.5 }, '0.1', 'must be at least 0.5'],
    [{ type: 'duration', max: '1m' }, '61s', 'must be at most 1m'],
    [{ type: 'size', min: '1g' }, '512m', 'must be at least 1g'],
    [{ type: 'list', items: 'integer' }, '1,x', 'must be a whole number'],
    [{ type: 'list', max: 1 }, 'a,b', 'must be at most 1 items'],
    [{ type: 'list', pattern: '[a-z]' }, 'a,1', 'must match'],
  ])('%j %j', (input, given, say) => {
    expect(messages({ x: input }, { x: given }).join()).toContain(say);
  });
});

test('every problem must be said at once', () => {
  const inputs: Record<string, InputDeclaration> = {
    tag: { type: 'string', description: 'The version.' },
    n: { type: 'integer' },
  };
  expect(messages(inputs, { n: 'x', tga: '1' })).toEqual([
    'unknown-input: there is no input `tga`',
    'missing-input: input `tag` must be given (The version)',
    'bad-input: input `n` must be a whole number',
  ]);
});

describe('absence', () => {
  test('an optional input that was not given must be absent', () => {
    expect(resolveInputs({ inputs: { x: { type: 'url', required: false } } }, {}, { outside: false }).inputs).toEqual(
      {},
    );
  });

  test('a default must count where nothing is given, and stay as written', () => {
    expect(resolve({ type: 'path', default: './data' })).toBe('./data');
    expect(resolve({ type: 'duration', default: '10s' })).toBe('10s');
  });

  test('`required: true` must hold', () => {
    expect(messages({ x: { type: 'string', required: true } }, {})).toHaveLength(1);
  });

  test('a name of JavaScript must be no input', () => {
    expect(messages({}, { constructor: 'x' })).toEqual(['unknown-input: there is no input `constructor`']);
  });
});

describe('F84 data from outside must be tainted until a pattern or an enum accepts it', () => {
  const inputs: Record<string, InputDeclaration> = {
    branch: { type: 'string' },
    tag: { type: 'string', pattern: '[0-9.]+' },
    mode: { type: 'enum', values: ['a'] },
    count: { type: 'integer' },
    names: { type: 'list' },
    other: { type: 'string', default: 'x' },
  };
  const given = { branch: '$(touch x)', tag: '1.0', mode: 'a', count: '3', names: 'a,b' };

  test('when it comes from outside', () => {
    expect(resolveInputs({ inputs }, given, { outside: true }).tainted).toEqual(['branch', 'names']);
  });

  test('and not when a person gives it', () => {
    expect(resolveInputs({ inputs }, given, { outside: false }).tainted).toEqual([]);
  });
});
