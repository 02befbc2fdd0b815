import { expect, test } from 'vitest';
import { ENVELOPE } from '../../src/playbook/envelope.ts';
import { explainableWords, explainWord } from '../../src/playbook/explain.ts';
import { KEYS } from '../../src/playbook/keys.ts';
import { ALWAYS_STEP, GUARD, LOOP, NODE, TRIGGER } from '../../src/playbook/step-shape.ts';
import type { JsonSchema } from '../../src/runner/schema.ts';

test.each(explainableWords())('%s must be explained', (word) => {
  expect(explainWord(word)).toMatch(/\S\n$/);
});

test.each([
  ['retry', 'steps[].retry'],
  ['steps.retry.if', 'steps[].retry.if'],
  ['steps[0].retry.if', 'steps[].retry.if'],
  ['inputs.type', 'inputs.*.type'],
  ['unknown-key', 'unknown-key: There is no such key'],
  ['[unknown-key]', 'unknown-key: There is no such key'],
  ['schedule', 'not built yet'],
  ['triggers', 'rollback.triggers'],
  ['for_each', 'steps[].for_each'],
  ['batch', 'steps[].for_each.batch'],
  ['trip', 'rollback.triggers[].trip'],
  ['no_data', 'rollback.triggers[].no_data'],
])('%s must lead to %s', (word, text) => {
  expect(explainWord(word)).toContain(text);
});

test('a word with several meanings must show all of them', () => {
  expect(explainWord('uses')).toContain('guards[].uses');
  expect(explainWord('uses')).toContain('steps[].undo.uses');
});

test.each(['nothing', 'constructor', '__proto__', ''])('%j must not be explained', (word) => {
  expect(explainWord(word)).toBeUndefined();
});

/** The paths of all keys of a schema, as the table writes them. */
function pathsOf(schema: JsonSchema, path = ''): string[] {
  const forms = [schema, ...(schema.anyOf ?? [])];
  return forms.flatMap((form) => {
    const own = Object.entries(form.properties ?? {}).flatMap(([key, member]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return [at, ...pathsOf(member, at)];
    });
    const others = typeof form.additionalProperties === 'object' ? pathsOf(form.additionalProperties, `${path}.*`) : [];
    return [...own, ...others, ...(form.items ? pathsOf(form.items, `${path}[]`) : [])];
  });
}

test('the table of keys and the shape of a playbook must have the same keys', () => {
  const inSteps = (path: string): string =>
    path
      .replace(/^always\[\]|^steps\[\](\.(do|parallel)\[\])+/, 'steps[]')
      .replace(/^steps\[\]\.guards\[\]/, 'guards[]');
  const keys = new Set(pathsOf(ENVELOPE).map(inSteps));
  expect([...keys].sort()).toEqual(Object.keys(KEYS).sort());
});

test('every key of the shape must carry its description', () => {
  for (const schema of [ENVELOPE, GUARD, NODE, LOOP, TRIGGER, ALWAYS_STEP])
    for (const [key, member] of Object.entries(schema.properties ?? {}))
      expect(`${key}: ${member.description}`).toMatch(/: .{10,}/);
});
