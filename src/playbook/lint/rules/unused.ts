import { referencedPaths } from '../../../expression/paths.ts';
import { isSecretRef } from '../../kinds.ts';
import type { Reading } from '../../reading.ts';
import { referencesOf } from '../../references.ts';
import { defineRule } from '../rule.ts';

/** A question that nobody needs the answer to. */
export const unusedInput = defineRule({
  id: 'unused-input',
  title: 'Nothing asks for an input',
  level: 'warning',
  why: 'Whoever gives it a value expects something to happen, and nothing does.',
  fix: 'Use it, or remove it.',
  find: (reading) => {
    const used = rootsAsked(reading, 'inputs');
    return Object.keys(reading.outline.inputs)
      .filter((name) => !used.has(name))
      .map((name) => ({
        message: `nothing asks for \`inputs.${name}\``,
        hint: 'use it, or remove it',
        place: reading.locate.key(['inputs', name]),
      }));
  },
});

/** A secret that is read for nothing. */
export const unusedSecret = defineRule({
  id: 'unused-secret',
  title: 'Nothing refers to a secret',
  level: 'warning',
  why: 'It has to be there for a run to start, and nothing needs it.',
  fix: 'Refer to it as `{ secret: NAME }`, or remove it.',
  find: ({ outline, value, locate }) => {
    const used = new Set(secretsIn(value));
    return outline.secrets
      .filter((name) => !used.has(name))
      .map((name) => ({
        message: `nothing refers to the secret \`${name}\``,
        hint: `write \`{ secret: ${name} }\` where it is needed, or remove it`,
        place: locate.key(['secrets', name]),
      }));
  },
});

/** What only computes, and fails at nothing. */
const COMPUTES: ReadonlySet<string> = new Set(['replicas.strategy']);

/** A step whose only purpose is what it gives. */
export const unusedOutput = defineRule({
  id: 'unused-output',
  title: 'Nothing asks for what a step has worked out',
  level: 'notice',
  why: 'The step changes nothing and fails at nothing: without a later one that asks for its outputs it does nothing.',
  fix: 'Ask for `steps.ID` in a later step, or remove it.',
  find: (reading) => {
    const used = rootsAsked(reading, 'steps');
    return reading.outline.steps
      .filter(({ id, use }) => COMPUTES.has(use.name ?? '') && !used.has(id ?? ''))
      .map(({ id, path }) => ({
        message: `no later step asks for \`steps.${id}\``,
        hint: 'use what it gives, or remove it',
        place: reading.locate.value([...path, 'id']),
      }));
  },
});

function rootsAsked({ conditions, texts }: Reading, root: string): ReadonlySet<string | undefined> {
  const paths = [
    ...conditions.flatMap(({ text }) => referencedPaths(text)),
    ...texts.flatMap(({ text }) => referencesOf(text)),
  ];
  return new Set(paths.filter(([first]) => first === root).map(([, name]) => name));
}

function secretsIn(value: unknown): string[] {
  if (isSecretRef(value)) return [value.secret];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
