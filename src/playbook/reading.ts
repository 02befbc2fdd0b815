import type { Problem } from '../errors.ts';
import { ERROR_SCHEMA, type ScopeTypes } from '../expression/scope.ts';
import type { Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';
import type { Condition } from './conditions.ts';
import type { Locator } from './locate.ts';
import type { Outline } from './outline.ts';
import type { Text } from './texts.ts';

/** All that rules look at: the raw playbook, its parts, and what is known of the runners it names. */
export type Reading = {
  value: Record<string, unknown>;
  locate: Locator;
  outline: Outline;
  conditions: readonly Condition[];
  texts: readonly Text[];
  /** The runners that the playbook names and that there are. */
  runners: ReadonlyMap<string, Runner>;
  /** Names of all there are, for suggestions. */
  names: { action: readonly string[]; guard: readonly string[] };
  inputs: JsonSchema;
  /** What each step gives, by id. */
  outputs: ReadonlyMap<string, JsonSchema>;
  facts: Readonly<Record<string, JsonSchema>>;
};

/** One check across fields: everything that is wrong in its respect, with places. */
export type Rule = (reading: Reading) => Problem[];

/** The outputs of an action, as a schema; open where there is no such action. */
export function outputsOf(runners: Reading['runners'], name: string | undefined): JsonSchema {
  const runner = name === undefined ? undefined : runners.get(name);
  return runner?.kind === 'action' ? runner.outputs : {};
}

/** The types that a condition or a template sees at its place. */
export function typesAt(
  reading: Reading,
  place: { known: readonly string[]; result?: string; error?: true },
): ScopeTypes {
  return {
    inputs: reading.inputs,
    facts: reading.facts,
    steps: Object.fromEntries(place.known.map((id) => [id, reading.outputs.get(id) ?? {}])),
    ...(place.result !== undefined && { result: outputsOf(reading.runners, place.result) }),
    ...(place.error && { error: ERROR_SCHEMA }),
  };
}

/** Steps that run only after the place. */
export function laterThan(reading: Reading, known: readonly string[]): string[] {
  const all = [...reading.outline.steps, ...reading.outline.always].flatMap(({ id }) => (id === undefined ? [] : [id]));
  const before = new Set(known);
  return all.filter((id) => !before.has(id));
}
