import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FAMILIES } from '../../runners/index.ts';
import { editorSchema } from '../../src/playbook/editor-schema.ts';
import { createRegistry } from '../../src/runner/registry.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

const root = join(import.meta.dirname, '../..');

function compile(schema: unknown) {
  return new Ajv({ allErrors: true, strict: false }).compile(schema as object);
}

test('schemas/playbook.schema.json must be what the runners say: node scripts/generate-schemas.ts', async () => {
  const schema = await editorSchema(createRegistry(FAMILIES));
  expect(readFileSync(join(root, 'schemas/playbook.schema.json'), 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`);
});

describe('every shipped playbook must be fine for an editor', () => {
  const files = readdirSync(join(root, 'playbooks')).filter((name) => name.endsWith('.yml'));
  test.each(files)('%s', async (name) => {
    const valid = compile(await editorSchema(createRegistry(FAMILIES)));
    valid(parse(readFileSync(join(root, 'playbooks', name), 'utf8')));
    expect(valid.errors).toBeNull();
  });
});

describe('an editor must say the same as we do', () => {
  const problems = join(root, 'fixtures/problems');
  const read = (name: string): unknown => parse(readFileSync(join(problems, name), 'utf8'));

  test.each(readdirSync(problems).filter((name) => /^ok.*\.yml$/.test(name)))('%s is fine', async (name) => {
    const valid = compile(await editorSchema(fakeRegistry()));
    valid(read(name));
    expect(valid.errors).toBeNull();
  });

  test.each([
    'missing-keys',
    'unknown-keys',
    'wrong-types',
    'bad-names',
    'not-yet',
    'unknown-action',
    'secrets',
    'wrong-version',
    'step-forms',
    'triggers',
  ])('%s is not', async (name) => {
    expect(compile(await editorSchema(fakeRegistry()))(read(`${name}.yml`))).toBe(false);
  });

  test.each([
    ['a template in a script', { uses: 'shell.run', with: { script: 'echo {{inputs.x}}' } }],
    ['an unknown parameter', { uses: 'http.check', with: { url: 'http://x', sample: 1 } }],
    ['a missing `with`', { uses: 'http.check' }],
    ['a secret where none is taken', { uses: 'http.check', with: { url: { secret: 'x' } } }],
    ['a wrong type', { uses: 'http.check', with: { url: 'http://x', samples: 'many' } }],
    ['a bad duration', { uses: 'wait.soak', with: { for: 'long' } }],
    ['a loop without `do`', { for_each: { in: '[1]', as: 'x' } }],
    ['`do` without a loop', { uses: 'compose.up', do: [{ id: 'b', uses: 'compose.up' }] }],
    [
      'a retry of a loop',
      { for_each: { in: '[1]', as: 'x' }, retry: { attempts: 2 }, do: [{ id: 'b', uses: 'compose.up' }] },
    ],
    ['a batch of nothing', { for_each: { in: '[1]', as: 'x', batch: [0] }, do: [{ id: 'b', uses: 'compose.up' }] }],
  ])('%s is not', async (_what, step) => {
    const valid = compile(await editorSchema(fakeRegistry()));
    expect(valid(playbookOf(step))).toBe(false);
    expect(valid(playbookOf(inLoops(step)))).toBe(false);
  });

  test('what stands in loops and in `parallel` is looked at like any other step', async () => {
    const valid = compile(await editorSchema(fakeRegistry()));
    const fine = { uses: 'http.check', with: { url: 'http://x' } };
    expect([valid(playbookOf(inLoops(fine))), valid.errors]).toEqual([true, null]);
    expect(valid(playbookOf({ parallel: [{ id: 'b', ...fine }] }))).toBe(true);
    expect(valid(playbookOf({ parallel: [{ id: 'b', ...fine, pivot: true }] }))).toBe(false);
    expect(valid(playbookOf({ parallel: [{ id: 'b', uses: 'http.check' }] }))).toBe(false);
    expect(valid(playbookOf({ parallel: [{ id: 'b', ...inLoops(fine) }] }))).toBe(false);
  });

  test('the parameters of a trigger are those of what it uses', async () => {
    const valid = compile(await editorSchema(fakeRegistry()));
    const back = (trigger: object) => ({
      ...playbookOf({ uses: 'compose.up' }),
      rollback: { triggers: [{ id: 't', ...trigger }] },
    });
    expect(valid(back({ uses: 'watch.health', with: { for: '10s' } }))).toBe(true);
    expect(valid(back({ uses: 'watch.health', with: { for: 'long' } }))).toBe(false);
    expect(valid(back({ uses: 'compose.up' }))).toBe(false);
  });
});

function playbookOf(step: object): object {
  return { playbook: 'v1', name: 'x', steps: [{ id: 'a', ...step }] };
}

/** The step two loops deep. */
function inLoops(step: object): object {
  const loop = (inner: object) => ({ for_each: { in: '[1]', as: 'x' }, do: [{ id: 'i', ...inner }] });
  return loop(loop(step));
}

test('every property must have words for the editor', async () => {
  const silent: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      const properties = key === 'properties' && !path.endsWith('/if') && !path.endsWith('/then');
      if (properties) silent.push(...unsaid(item as Record<string, unknown>, path));
      if (key !== 'examples' && key !== 'default') visit(item, `${path}/${key}`);
    }
  };
  visit(await editorSchema(createRegistry(FAMILIES)), '');
  expect(silent).toEqual([]);
});

function unsaid(properties: Record<string, unknown>, path: string): string[] {
  return Object.entries(properties)
    .filter(([, schema]) => !('description' in (schema as object)) && !('$ref' in (schema as object)))
    .map(([key]) => `${path}/${key}`);
}
