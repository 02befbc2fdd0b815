import { Problems } from '../errors.ts';
import type { Scope } from '../expression/scope.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import type { StepOutline, TopOutline } from './outline.ts';
import { readyParams } from './params.ts';
import { type Path, valueAt } from './path.ts';
import type { Reading } from './reading.ts';

/** Which parameter says how long a step waits in any case. */
const WAITS: Readonly<Record<string, string>> = { 'wait.soak': 'for', 'health.wait': 'stable_for' };

/** How long a step waits in any case, in milliseconds; undefined where only the run knows. */
export function waitOf({ path }: TopOutline, reading: Reading): number | undefined {
  const inside = reading.outline.steps.filter((step) => path.every((key, at) => step.path[at] === key));
  const waiting = inside.filter(({ use }) => Object.hasOwn(WAITS, use.name ?? ''));
  const conditional = hasWhen(path, reading) || waiting.some((step) => step.raw['when'] !== undefined);
  const waits = waiting.map((step) => (conditional || step.loops.length > 0 ? undefined : ownWait(step, reading)));
  if (waits.includes(undefined)) return undefined;
  return Math.max(0, ...waits.map((wait) => wait ?? 0));
}

function hasWhen(path: Path, { value }: Reading): boolean {
  return valueAt(value, [...path, 'when']) !== undefined;
}

/** How long a plain step waits in any case where it is reached, in milliseconds. */
export function ownWait({ use }: StepOutline, reading: Reading): number | undefined {
  const key = WAITS[use.name ?? ''] ?? '';
  const schema = reading.runners.get(use.name ?? '')?.params.properties?.[key];
  const written = use.with?.[key];
  const one: JsonSchema = { type: 'object', properties: { [key]: schema ?? {} } };
  const wait = ready(one, written === undefined ? {} : { [key]: written }, reading)?.[key];
  return typeof wait === 'number' ? wait : undefined;
}

/** Parameters from what is written and the defaults of inputs; nothing where that is not enough. */
export function ready(
  schema: JsonSchema,
  written: Record<string, unknown>,
  { outline, inputs }: Reading,
): Params | undefined {
  const defaults = Object.entries(outline.inputs).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value as Json] as const],
  );
  const types = { inputs, facts: {}, steps: {} };
  const scope: Scope = { inputs: Object.fromEntries(defaults), facts: {}, steps: {}, types };
  try {
    return readyParams(schema, written as Record<string, Json>, scope);
  } catch (error) {
    if (error instanceof Problems) return undefined;
    throw error;
  }
}

type Params = Record<string, Json>;
