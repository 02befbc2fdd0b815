import type { Playbook } from '../playbook/types.ts';
import type { Json, Target } from '../runner/contract.ts';
import type { PlannedChange, StackHeader } from './types.ts';

export type Hmac = (text: string) => string;

export type Bindings = {
  playbook: Playbook;
  inputs: Record<string, Json>;
  target: Target;
  stack: StackHeader;
  changes: readonly PlannedChange[];
};

/** Everything a plan rests on, by name, each as a keyed hash: equal facts give equal values, and no value can be guessed back. */
export function bindFacts(bindings: Bindings, hmac: Hmac): Record<string, string> {
  const { playbook, inputs, target, stack, changes } = bindings;
  const facts: [string, Json][] = [
    ['playbook', playbook],
    ['inputs', inputs],
    ['target', target],
    ['engine', stack.engine_id],
    ['project', stack.project],
    ['rendered file', stack.rendered ?? null],
    ...changes.flatMap(factsOf),
  ];
  return Object.fromEntries(facts.map(([name, value]) => [name, hmac(`${name}\n${canonical(value)}`)]));
}

/** Short name of a plan: the same facts give the same one. */
export function planId(bound: Record<string, string>, hmac: Hmac): string {
  return hmac(canonical(bound)).slice(0, 8);
}

/** Names of the facts that are no longer what the plan was made of. */
export function changedFacts(planned: Record<string, string>, now: Record<string, string>): string[] {
  const names = new Set([...Object.keys(planned), ...Object.keys(now)]);
  return [...names].filter((name) => planned[name] !== now[name]);
}

/** JSON with its keys in order, so that the same value is always the same text. */
export function canonical(value: Json | undefined): string {
  if (value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

function factsOf(change: PlannedChange): [string, Json][] {
  const name = `${change.step}: ${change.target}`;
  const binds = Object.entries(change.binds ?? {});
  // What only tells that something stays may be told otherwise at any time, and changes nothing that is done.
  if (change.verb === 'keep' && binds.length === 0) return [];
  return [
    [`${name}, ${change.verb}`, change.certainty],
    ...binds.map(([key, value]): [string, Json] => [`${name}, ${key}`, value]),
  ];
}
