import { type Problem, Problems } from '../../errors.ts';
import type { Scope } from '../../expression/scope.ts';
import type { AnyTrigger } from '../../runner/contract.ts';
import type { Json, JsonSchema } from '../../runner/schema.ts';
import { formatDuration } from '../duration.ts';
import type { StepOutline, TopOutline, TriggerOutline } from '../outline.ts';
import { readyParams } from '../params.ts';
import { type Path, valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';
import { lastOf } from '../windows.ts';

/** A window must be long enough for its trigger, as far as both are known before a run. */
export function triggerWindows(reading: Reading): Problem[] {
  return reading.outline.triggers.flatMap((trigger) => problemOf(trigger, reading));
}

function problemOf(trigger: TriggerOutline, reading: Reading): Problem[] {
  const runner = trigger.use.name === undefined ? undefined : reading.runners.get(trigger.use.name);
  const inWindow = windowOf(trigger, reading);
  const needed = runner?.kind === 'trigger' ? needs(trigger, runner, reading) : undefined;
  if (needed === undefined || needed === 0 || inWindow.length === 0) return [];
  const waits = inWindow.map((top) => waitOf(top, reading));
  if (waits.includes(undefined)) return [];
  const window = waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
  if (window >= needed) return [];
  const { locate } = reading;
  const about = { place: locate.value([...trigger.path, 'uses']), ...ending(inWindow, window, reading) };
  const name = `\`${trigger.id ?? trigger.use.name}\``;
  const finds = `cannot find anything before ${formatDuration(needed)} have passed`;
  if (window > 0) {
    const message = `${name} watches for ${formatDuration(window)}, and ${finds}`;
    const hint = 'let a soak wait for longer, or let the trigger need less';
    return [{ code: 'window-too-short', message, hint, ...about }];
  }
  const message = `nothing waits while ${name} watches, and it ${finds}`;
  return [{ code: 'never-watches', level: 'warning', message, hint: 'put a `wait.soak` into its window', ...about }];
}

/** The steps of the first level during which it watches. */
function windowOf({ from, until }: TriggerOutline, { outline: { tops } }: Reading): readonly TopOutline[] {
  return tops.slice(tops.findIndex(({ id }) => id === from) + 1, lastOf(tops, until) + 1);
}

function ending(inWindow: readonly TopOutline[], window: number, { locate }: Reading): Pick<Problem, 'other'> {
  const last = inWindow.at(-1);
  if (!last) return {};
  const message = `its window ends here, ${formatDuration(window)} after it began`;
  return { other: { place: locate.value([...last.path, 'id']), message } };
}

/** What the trigger itself needs, and the measurements that must be bad one after the other. */
function needs({ use, raw }: TriggerOutline, runner: AnyTrigger, reading: Reading): number | undefined {
  const params = ready(runner.params, use.with ?? {}, reading);
  if (!params) return undefined;
  const bad = valueAt(raw, ['trip', 'bad']);
  const every = typeof params['every'] === 'number' ? params['every'] : 0;
  return runner.needs(params) + (typeof bad === 'number' ? (bad - 1) * every : 0);
}

/** Which parameter says how long a step waits in any case. */
const WAITS: Readonly<Record<string, string>> = { 'wait.soak': 'for', 'health.wait': 'stable_for' };

/** How long a step waits in any case, in milliseconds; undefined where only the run knows. */
function waitOf({ path }: TopOutline, reading: Reading): number | undefined {
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

function ownWait({ use }: StepOutline, reading: Reading): number | undefined {
  const key = WAITS[use.name ?? ''] ?? '';
  const schema = reading.runners.get(use.name ?? '')?.params.properties?.[key];
  const written = use.with?.[key];
  const one: JsonSchema = { type: 'object', properties: { [key]: schema ?? {} } };
  const wait = ready(one, written === undefined ? {} : { [key]: written }, reading)?.[key];
  return typeof wait === 'number' ? wait : undefined;
}

/** Parameters from what is written and the defaults of inputs; nothing where that is not enough. */
function ready(schema: JsonSchema, written: Record<string, unknown>, { outline, inputs }: Reading): Params | undefined {
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
