import { describe, expect, test } from 'vitest';
import { Problems } from '../../src/errors.ts';
import { readyParams } from '../../src/playbook/params.ts';
import type { Json, JsonSchema } from '../../src/runner/schema.ts';
import { sampleScope } from '../support/sample-scope.ts';

const SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    url: { type: 'string', format: 'url', 'x-untainted': true },
    wait: { type: 'string', format: 'duration', default: '10s' },
    room: { type: 'string', format: 'size' },
    samples: { type: 'integer', minimum: 1, default: 1 },
    on: { type: 'boolean' },
    names: { type: 'array', items: { type: 'string' } },
    argv: { type: 'array', items: { type: 'string' }, prefixItems: [{ type: 'string', 'x-untainted': true }] },
    env: { type: 'object', additionalProperties: { type: 'string', 'x-secret': true } },
    nested: { type: 'object', properties: { every: { type: 'string', format: 'duration', default: '1s' } } },
    either: {
      anyOf: [
        { type: 'string', format: 'duration' },
        { type: 'string', enum: ['never'] },
      ],
    },
    script: { type: 'string', 'x-template': false },
    any: {},
  },
};

function ready(written: Record<string, Json>, changes: Parameters<typeof sampleScope>[0] = {}): Record<string, Json> {
  return readyParams(SCHEMA, written, sampleScope(changes));
}

function problems(written: Record<string, Json>, changes: Parameters<typeof sampleScope>[0] = {}): string[] {
  try {
    ready(written, changes);
  } catch (error) {
    if (error instanceof Problems) return error.problems.map(({ code, message }) => `${code}: ${message}`);
    throw error;
  }
  return [];
}

describe('ready parameters', () => {
  test('defaults must be filled in, durations be milliseconds and sizes bytes', () => {
    expect(ready({ room: '1k', nested: {} })).toEqual({
      wait: 10_000,
      samples: 1,
      room: 1024,
      nested: { every: 1_000 },
    });
  });

  test('what is not given and has no default must be absent', () => {
    expect(Object.keys(ready({}))).toEqual(['wait', 'samples']);
  });

  test('a template alone must keep its type', () => {
    const made = ready({
      samples: '{{inputs.replicas}}',
      on: '{{inputs.strict}}',
      names: '{{inputs.names}}',
      wait: '{{inputs.soak}}',
    });
    expect(made).toMatchObject({ samples: 3, on: true, names: ['web', 'api'], wait: 90_000 });
  });

  test('a field that takes only text must get a number as text', () => {
    expect(ready({ argv: ['tool', '{{inputs.replicas}}', '{{steps.up.created}}'] })['argv']).toEqual([
      'tool',
      '3',
      '2',
    ]);
  });

  test('texts must be rendered in lists and maps, keys not', () => {
    expect(ready({ any: { '{{x}}': ['v{{inputs.tag}}', { deep: '{{stack.project}}' }] } })['any']).toEqual({
      '{{x}}': ['v1.10', { deep: 'shop' }],
    });
  });

  test('a secret must stay a reference', () => {
    expect(ready({ env: { TOKEN: { secret: 'token' } } })['env']).toEqual({ TOKEN: { secret: 'token' } });
  });

  test('of several forms the one that fits must decide about the unit', () => {
    expect(ready({ either: '2s' })['either']).toBe(2_000);
    expect(ready({ either: 'never' })['either']).toBe('never');
  });

  test('F82 a value with braces must not be rendered again', () => {
    expect(ready({ any: '{{inputs.tag}}' }, { inputs: { tag: '{{inputs.strict}}' } })['any']).toBe('{{inputs.strict}}');
  });
});

describe('every problem at once, with the field', () => {
  test.each<[Record<string, Json>, string]>([
    [{ url: '{{inputs.smoke_url}}' }, 'missing-value: `with.url`: `inputs.smoke_url` has no value'],
    [{ any: '{{steps.pull.ok}}' }, 'missing-value: `with.any`: `steps.pull.ok` has no value'],
    [{ any: '{{inputs.constructor}}' }, 'missing-value: `with.any`: `inputs.constructor` has no value'],
    [{ any: '{{inputs.names.length}}' }, 'missing-value: `with.any`: `inputs.names.length` has no value'],
    [
      { any: 'x{{inputs.names}}' },
      'not-a-text: `with.any`: `inputs.names` is no single value, so it cannot stand inside a text',
    ],
    [
      { url: 'http://{{inputs.tag}}:{{inputs.names}}' },
      'not-a-text: `with.url`: `inputs.names` is no single value, so it cannot stand inside a text',
    ],
    [{ url: '{{inputs.tag}}' }, 'bad-value: `url` must be a URL like `http://localhost:8080/health`, not `1.10`'],
    [{ samples: '{{inputs.tag}}' }, 'wrong-type: `samples` must be a whole number, not a text'],
    [{ any: '{{#if x}}{{/if}}' }, 'bad-template: `with.any`: blocks are not offered'],
    [{ nothing: 1 }, 'unknown-key: there is no key `nothing` in `with`'],
  ])('%j', (written, message) => {
    expect(problems(written)).toEqual([message]);
  });

  test('two at once', () => {
    expect(problems({ url: '{{inputs.smoke_url}}', any: '{{steps.pull.ok}}' })).toHaveLength(2);
  });
});

describe('F84 a tainted value must not get where it could choose an image, a path, a host or a program', () => {
  const tainted = { inputs: { branch: 'http://evil.example/' }, tainted: ['branch'] };

  test.each<Record<string, Json>>([
    { url: '{{inputs.branch}}' },
    { url: 'http://{{inputs.branch}}/' },
    { argv: ['{{inputs.branch}}'] },
  ])('%j', (written) => {
    expect(problems(written, tainted).join()).toContain('tainted-value');
  });

  test('and must be let pass elsewhere, as one argument', () => {
    const written = { argv: ['tool', '{{inputs.branch}}'], env: { B: '{{inputs.branch}}' } };
    expect(ready(written, { ...tainted, inputs: { branch: '$(touch x)' } })).toMatchObject({
      argv: ['tool', '$(touch x)'],
    });
  });
});

test('a script must arrive as it is written', () => {
  expect(ready({ script: 'echo "$A" # {x}\n' })['script']).toBe('echo "$A" # {x}\n');
});

describe('variables of loops', () => {
  const locals = { old: ['a', 'b'], service: { name: 'web', samples: 3 } };

  test('must bring their value with its type, and items of lists by number', () => {
    const written = { names: '{{old}}', samples: '{{service.samples}}', argv: ['x', '{{old.1}}', '{{service.name}}'] };
    expect(ready(written, { locals })).toMatchObject({ names: ['a', 'b'], samples: 3, argv: ['x', 'b', 'web'] });
  });

  test.each(['{{old.2}}', '{{old.length}}', '{{old.00}}', '{{service.nothing}}', '{{nobody}}'])(
    '%s has no value',
    (text) => {
      expect(problems({ any: text }, { locals })).toEqual([
        `missing-value: \`with.any\`: \`${text.slice(2, -2)}\` has no value`,
      ]);
    },
  );
});
