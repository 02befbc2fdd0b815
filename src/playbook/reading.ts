import type { Problem } from '../errors.ts';
import { ERROR_SCHEMA, type ScopeTypes } from '../expression/scope.ts';
import type { Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';
import type { Condition } from './conditions.ts';
import type { Locator } from './locate.ts';
import type { LoopOutline, Outline, Sight } from './outline.ts';
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
  names: { action: readonly string[]; guard: readonly string[]; trigger: readonly string[] };
  inputs: JsonSchema;
  /** What each step gives, by id. */
  outputs: ReadonlyMap<string, JsonSchema>;
  facts: Readonly<Record<string, JsonSchema>>;
  /** What the variable of each loop means in its batches. */
  variables: ReadonlyMap<LoopOutline, JsonSchema>;
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
  reading: Pick<Reading, 'inputs' | 'facts' | 'outputs' | 'runners' | 'variables'>,
  place: Sight & { result?: string; error?: true; sample?: string },
): ScopeTypes {
  return {
    inputs: reading.inputs,
    facts: reading.facts,
    steps: Object.fromEntries(place.known.map((id) => [id, reading.outputs.get(id) ?? {}])),
    ...(place.result !== undefined && { result: outputsOf(reading.runners, place.result) }),
    ...(place.error && { error: ERROR_SCHEMA }),
    ...(place.sample !== undefined && { sample: sampleOf(reading.runners, place.sample) }),
    locals: localsAt(reading.variables, place.loops),
  };
}

/** What a trigger measures, as a schema; open where there is no such trigger. */
function sampleOf(runners: Reading['runners'], name: string): JsonSchema {
  const runner = runners.get(name);
  return runner?.kind === 'trigger' ? runner.sample : {};
}

function localsAt(variables: Reading['variables'], loops: readonly LoopOutline[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    loops.flatMap((loop) => (loop.as === undefined ? [] : [[loop.as, variables.get(loop) ?? {}]])),
  );
}

/** Steps that run only after the place. */
export function laterThan(reading: Reading, known: readonly string[]): string[] {
  const { steps, blocks, always } = reading.outline;
  const all = [...steps, ...blocks, ...always].flatMap(({ id }) => (id === undefined ? [] : [id]));
  const before = new Set(known);
  return all.filter((id) => !before.has(id));
}
