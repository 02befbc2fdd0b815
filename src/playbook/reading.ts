import type { Problem } from '../errors.ts';
import type { Surroundings } from '../expression/fault.ts';
import { ERROR_SCHEMA, RUN_SCHEMA, type ScopeTypes } from '../expression/scope.ts';
import type { Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';
import type { Condition } from './conditions.ts';
import type { Locator } from './locate.ts';
import type { LoopOutline, Outline, Sight } from './outline.ts';
import type { Path } from './path.ts';
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
  place: Sight & { path: Path; result?: string; error?: true; sample?: string },
): ScopeTypes {
  return {
    inputs: reading.inputs,
    // Facts are read once; a measurement is judged over and over.
    facts: place.sample === undefined ? reading.facts : {},
    steps: Object.fromEntries(place.known.map((id) => [id, reading.outputs.get(id) ?? {}])),
    ...(place.result !== undefined && { result: outputsOf(reading.runners, place.result) }),
    ...(place.error && { error: ERROR_SCHEMA }),
    ...(place.sample !== undefined && { sample: sampleOf(reading.runners, place.sample) }),
    ...(place.path[0] === 'always' && { run: RUN_SCHEMA }),
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

/** What is known around a place besides the types, for better messages. */
export function surroundings(reading: Reading, place: Sight & { path: Path; field: string }): Surroundings {
  const { steps, blocks, always } = reading.outline;
  const all = [...steps, ...blocks, ...always].filter(({ id }) => id !== undefined);
  const before = new Set(place.known);
  return {
    field: place.field,
    later: all.flatMap(({ id }) => (id === undefined || before.has(id) ? [] : [id])),
    hidden: (step) => {
      const found = before.has(step) ? undefined : all.find(({ id }) => id === step);
      return found && whyHidden(found, place);
    },
  };
}

type Standing = { path: Path; id: string | undefined; loops: readonly LoopOutline[] };

function whyHidden(step: Standing, place: Sight & { path: Path }): { message: string; hint: string } | undefined {
  const around = step.loops.find((loop) => !place.loops.includes(loop));
  if (around)
    return {
      message: `step \`${step.id}\` stands inside the loop \`${around.id}\` and is known only there`,
      hint: 'ask in a later step under the same `do`',
    };
  const holder = step.path.at(-2) === 'parallel' ? step.path.slice(0, -1) : undefined;
  const own = step.path.every((key, at) => place.path[at] === key);
  if (own || !holder?.every((key, at) => place.path[at] === key)) return undefined;
  return { message: `step \`${step.id}\` goes on at the same time`, hint: 'ask in a step after the `parallel`' };
}
