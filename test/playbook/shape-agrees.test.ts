import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { ENVELOPE } from '../../src/playbook/envelope.ts';
import { formatFault } from '../../src/playbook/formats.ts';
import { checkShape } from '../../src/playbook/shape.ts';
import { createRegistry, type Registry } from '../../src/runner/registry.ts';
import type { Json, JsonSchema } from '../../src/runner/schema.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

type Case = { name: string; schema: JsonSchema; seeds: Json[] };

async function casesOf(registry: Registry): Promise<Case[]> {
  const runners = await Promise.all(registry.names.map(async (name) => ({ name, runner: await registry.find(name) })));
  return runners.flatMap(({ name, runner }) =>
    runner ? [{ name, schema: runner.params, seeds: [{}, ...runner.examples.map((example) => example.with)] }] : [],
  );
}

const PLAYBOOK: Json = {
  playbook: 'v1',
  name: 'x',
  inputs: { a: { type: 'duration', default: '1s' } },
  target: { files: ['a'], env: { A: 1 } },
  guards: [{ id: 'g', that: 'true', say: 'x' }],
  steps: [{ id: 'a', uses: 'b', with: {}, retry: { attempts: 1, backoff: '1s..2s' }, undo: 'none', because: 'x' }],
  rollback: {
    on: ['failure'],
    verify: [],
    triggers: [
      { id: 't', uses: 'b', from: 'start', bad: 'true', trip: { bad: 1, of: 2 }, no_data: 'pause', every: '5s' },
    ],
  },
};

/** Changes reach what stands at the top more often, so what is deep gets a seed of its own. */
const BLOCKS: Json = {
  playbook: 'v1',
  name: 'x',
  target: { engine: true },
  steps: [
    { id: 'a', parallel: [{ id: 'b', uses: 'c' }] },
    {
      id: 'd',
      for_each: { in: '[1]', as: 'e', batch: [1, '25%'], delay: '1s', allow: 1 },
      do: [{ id: 'f', for_each: { in: '[1]', as: 'g', batch: '50%' }, do: [{ id: 'h', uses: 'i' }] }],
    },
  ],
};

const cases: Case[] = [
  { name: 'the envelope', schema: ENVELOPE, seeds: [{}, PLAYBOOK, BLOCKS, BLOCKS] },
  ...(await casesOf(fakeRegistry())),
  ...(await casesOf(createRegistry(FAMILIES))),
];

function ajvFor(schema: JsonSchema) {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  for (const format of ['duration', 'size', 'path', 'url', 'service', 'regex', 'backoff', 'cel'])
    ajv.addFormat(format, { type: 'string', validate: (text: string) => formatFault(format, text) === undefined });
  return ajv.compile(schema);
}

const scalar = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1,
    2.5,
    300,
    '',
    'x',
    '10s',
    '512m',
    'web',
    'http://x/',
    'GET',
    'none',
    'never',
    '127.0.0.1:80',
  ),
  fc.string({ maxLength: 3 }).filter((text) => !text.includes('{{')),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'id', 'uses', 'url'), scalar, { maxKeys: 2 }),
);
/** Where to change a value (numbers choose among the keys on the way down), and to what. */
const change = fc.record({
  way: fc.array(fc.nat(20), { maxLength: 8 }),
  to: fc.oneof(value, fc.constant(undefined)),
  rename: fc.boolean(),
});

function changed(from: Json, { way, to, rename }: { way: number[]; to: Json | undefined; rename: boolean }): Json {
  const [first, ...rest] = way;
  if (first === undefined || typeof from !== 'object' || from === null) return to ?? null;
  if (Array.isArray(from))
    return from.map((item, index) => (index === first % from.length ? changed(item, { way: rest, to, rename }) : item));
  const keys = Object.keys(from);
  const key = keys[first % Math.max(keys.length, 1)] ?? 'a';
  const { [key]: old, ...others } = from;
  if (rest.length === 0 && to === undefined) return others;
  if (rest.length === 0 && rename) return { ...others, [`${key}x`]: old ?? to };
  return { ...others, [key]: changed(old ?? {}, { way: rest, to, rename }) };
}

/** Secrets and templates are ours alone. */
function isPlain(seed: Json): boolean {
  const written = JSON.stringify(seed);
  return !written.includes('{{') && !written.includes('"secret"');
}

describe('our own shape check must accept and refuse what a general validator does', () => {
  test.each(cases)('$name', ({ schema, seeds }) => {
    const valid = ajvFor(schema);
    fc.assert(
      fc.property(fc.constantFrom(...seeds.filter(isPlain)), fc.array(change, { maxLength: 2 }), (seed, changes) => {
        const made = changes.reduce(changed, seed);
        const faults = checkShape(schema, made, { templates: false });
        expect({ made, ok: faults.length === 0, faults }).toMatchObject({ made, ok: valid(made) });
      }),
      { numRuns: 150 },
    );
  });
});

test.each(cases)('the examples of $name must be fine', ({ schema, seeds }) => {
  const [, ...examples] = seeds;
  for (const example of examples) expect(checkShape(schema, example, { templates: true })).toEqual([]);
});
