import { referencedPaths } from '../expression/condition.ts';
import { referencesOf } from '../playbook/references.ts';
import type { Json } from '../runner/contract.ts';

/** The step that must have ended before these conditions and templates have a value: the last of `pending` that they name. */
export function waitsFor(
  asked: { conditions: readonly (string | undefined)[]; templates?: Json | undefined },
  pending: readonly string[],
): string | undefined {
  if (pending.length === 0) return undefined;
  const paths = asked.conditions.flatMap((condition) => (condition === undefined ? [] : referencedPaths(condition)));
  const named = new Set([...paths.flatMap(stepOf), ...templateSteps(asked.templates)]);
  return named.has(everyStep) ? pending.at(-1) : pending.findLast((step) => named.has(step));
}

const everyStep = '*';

/** A condition that takes all of `steps` waits for the last one. */
function stepOf([root, step]: readonly string[]): string[] {
  return root === 'steps' ? [step ?? everyStep] : [];
}

/** Steps named by templates anywhere in a value: `{{steps.up.image}}`. */
function templateSteps(value: Json | undefined): string[] {
  if (typeof value === 'string') return referencesOf(value).flatMap(stepOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) => templateSteps(each));
}
