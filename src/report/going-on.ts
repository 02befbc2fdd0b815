import { batchOf } from '../engine/batch-name.ts';
import type { Glimpse, RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import type { Plan } from '../plan/types.ts';
import { instanceKey, parseInstance } from '../playbook/instance.ts';
import { batchSentence } from './batch-rows.ts';
import type { Happening } from './happening.ts';
import { sayProgress } from './progress.ts';
import { isBlock, parallelOf, rowName } from './row-name.ts';

/** So many lines of what a step says are shown while it goes on. */
const tailLines = 3;

/** What goes on after an event; the steps of a `parallel` go on at the same time. */
export function goingOn(
  now: readonly Happening[],
  { event, state, plan }: { event: RunEvent; state: RunState | undefined; plan: Plan | undefined },
): Happening[] {
  switch (event.type) {
    case 'step.started':
      if (isBlock(event)) return [];
      return [...(state && parallelOf(state, event.step) ? now : []), begun(event, state, plan)];
    case 'step.failed':
      if (event.retry_at === undefined) return without(now, event.step);
      return [
        ...without(now, event.step),
        {
          ...named(state, event.step),
          since: event.at,
          say: 'waits for the next attempt',
          until: event.retry_at,
          tail: [],
        },
      ];
    case 'step.ended':
    case 'step.skipped':
      return [...without(now, event.step), ...pause(event, state, plan)];
    case 'receipt.undoing':
      return [{ ...named(state, event.step), step: event.step, since: event.at, say: 'is taken back', tail: [] }];
    case 'run.waiting':
      return [{ name: 'waiting', since: event.at, say: event.because, tail: [] }];
    case 'receipt.undone':
    case 'receipt.undo_failed':
    case 'run.started':
    case 'run.parked':
    case 'run.ended':
    case 'undo.started':
      return [];
    default:
      return [...now];
  }
}

/** What goes on, with what a step shows while it lasts. */
export function withGlimpse(now: readonly Happening[], glimpse: Glimpse): Happening[] {
  return now.map((each) => {
    if (each.step !== glimpse.step) return each;
    if (glimpse.type === 'progress') return { ...each, say: sayProgress(glimpse) };
    return { ...each, tail: [...each.tail, glimpse.line].slice(-tailLines) };
  });
}

type Started = RunEvent & { type: 'step.started' };

/** A batch is one line that fills in: what its steps have done so far stands before what goes on. */
function begun(event: Started, state: RunState | undefined, plan: Plan | undefined): Happening {
  const { name, prefix } = rowName(state, event.phase, event.step);
  const happening = { name, step: event.step, since: event.at, say: event.uses, tail: [] };
  const batch = state && event.phase === 'steps' ? batchOf(state, event.step) : undefined;
  if (!state || !batch) return happening;
  const numbers = event.step.slice(event.step.indexOf('['));
  const alike = state.steps.filter((step) => step.id.endsWith(numbers));
  const steps = alike.filter((step) => batchOf(state, step.id)?.key === batch.key);
  const since = Math.min(...steps.flatMap((step) => step.started_at ?? []), event.at);
  return { ...happening, since, so_far: batchSentence(steps, plan), lead: prefix };
}

/** Between two batches. */
function pause(event: RunEvent & { step: string }, state: RunState | undefined, plan: Plan | undefined): Happening[] {
  const { id, at } = parseInstance(event.step);
  const batch = state && batchOf(state, event.step);
  const last = plan?.steps.findLast((step) => step.inside === (batch && parseInstance(batch.loop.step).id));
  if (!batch || batch.loop.delay === 0 || last?.id !== id || batch.number >= batch.loop.batches.length) return [];
  const next = batchOf(state, instanceKey(id, [...at.slice(0, -1), batch.number + 1]));
  const say = 'begins after a pause';
  return [{ name: next?.name ?? id, since: event.at, say, until: event.at + batch.loop.delay, tail: [] }];
}

function without(now: readonly Happening[], step: string): Happening[] {
  return now.filter((each) => each.step !== step && each.step !== undefined);
}

function named(state: RunState | undefined, step: string): { name: string } {
  return { name: rowName(state, 'steps', step).name };
}
