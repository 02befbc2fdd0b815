import { batchOf, outermostLoop } from '../engine/batch-name.ts';
import type { RunEvent } from '../engine/events.ts';
import type { RunState, TriggerState } from '../engine/run-state.ts';
import { stepState } from '../engine/state.ts';
import type { Plan } from '../plan/types.ts';
import { parseInstance } from '../playbook/instance.ts';
import { batchRow, brokenBatchRow, joined, loopRow } from './batch-rows.ts';
import { isBlock } from './row-name.ts';
import { type Row, rowsOf } from './rows.ts';

/** Tells a run event by event, as rows. What belongs together is told once: a batch when it is over, not step by step. */
export interface Telling {
  rows(event: RunEvent, state: RunState | undefined): Row[];
  /** What was not over yet when the last event came. */
  rest(): Row[];
}

type Telled = { event: RunEvent; state: RunState | undefined };

export function createTelling(plan: Plan | undefined): Telling {
  const forward = batchesOnTheWay(plan);
  const back = batchesPutRight();
  const seen = new Map<string, TriggerState['now']>();
  let undoing: number | undefined;
  return {
    rows(event, state) {
      if (event.type === 'receipt.undoing') undoing = event.at;
      const trigger_was = 'trigger' in event && event.trigger ? seen.get(event.trigger) : undefined;
      if (event.type === 'trigger.noted') seen.set(event.trigger, event.now);
      const before = [...forward.before({ event, state }), ...back.before({ event, state })];
      const own =
        forward.takes({ event, state }) ??
        back.takes({ event, state }) ??
        rowsOf({ event, state, plan, undoing_at: undoing, trigger_was });
      return [...before, ...own, ...forward.after({ event, state })];
    },
    rest: () => [...forward.rest(), ...back.rest()],
  };
}

/** Steps of a batch that have ended and are not told yet. */
function batchesOnTheWay(plan: Plan | undefined) {
  const lasts = lastInLoops(plan);
  let open: { key: string; name: string; steps: string[]; state: RunState } | undefined;
  const close = (make: typeof batchRow): Row[] => {
    if (!open) return [];
    const { name, steps, state } = open;
    open = undefined;
    return make(
      name,
      steps.flatMap((step) => stepState(state, 'steps', step) ?? []),
      plan,
    );
  };
  return {
    before({ event, state }: Telled): Row[] {
      if (!open) return [];
      if (event.type === 'undo.started' || event.type === 'run.ended') return close(brokenBatchRow);
      if (!isStepEvent(event)) return [];
      const key = state && batchOf(state, event.step)?.key;
      if (key !== open.key) return close(batchRow);
      return event.type === 'step.failed' && event.retry_at === undefined ? close(brokenBatchRow) : [];
    },
    /** The rows of the event, where it is told with its batch; undefined where it is told by itself. */
    takes({ event, state }: Telled): Row[] | undefined {
      if (!state || !isStepEvent(event) || event.type === 'step.failed' || event.phase !== 'steps') return undefined;
      const step = stepState(state, 'steps', event.step);
      const batch = batchOf(state, event.step);
      if (step && isBlock(step) && event.type === 'step.ended')
        return step.uses === 'for_each' && !batch ? loopRow(state, step) : [];
      if (!batch) return undefined;
      if (event.type === 'step.ended') {
        open ??= { key: batch.key, name: batch.name, steps: [], state };
        open.steps.push(event.step);
      }
      return [];
    },
    after({ event }: Telled): Row[] {
      const isOver = event.type === 'step.ended' || event.type === 'step.skipped';
      return isOver && lasts.has(parseInstance(event.step).id) ? close(batchRow) : [];
    },
    rest: () => close(brokenBatchRow),
  };
}

/** Receipts of a batch that were taken back, or cleared away, one after the other. */
function batchesPutRight() {
  let open: { mark: '↺' | '·'; key: string; name: string; since: number; at: number; says: string[] } | undefined;
  const close = (): Row[] => {
    if (!open) return [];
    const { mark, name, since, at, says } = open;
    open = undefined;
    if (says.length === 0) return [];
    return [{ mark, name, text: joined(says), ...(mark === '↺' ? { ms: at - since } : {}) }];
  };
  return {
    before({ event, state }: Telled): Row[] {
      if (state && (event.type === 'receipt.undoing' || event.type === 'receipt.settled')) {
        const group = groupOf(event, state);
        const told = group?.key === open?.key ? [] : close();
        if (group) open ??= { ...group, since: event.at, at: event.at, says: [] };
        return told;
      }
      return endsGroup(event) ? close() : [];
    },
    takes({ event }: Telled): Row[] | undefined {
      if (!open || (event.type !== 'receipt.undone' && event.type !== 'receipt.settled')) return undefined;
      open.at = event.at;
      if (event.say !== undefined) open.says.push(event.say);
      else if (event.type === 'receipt.undone') open.says.push('one change taken back');
      return [];
    },
    rest: close,
  };
}

/** Taking back is told by batch, as it may fail in one; clearing away for all of a loop. */
function groupOf(
  { type, step }: RunEvent & { type: 'receipt.undoing' | 'receipt.settled' },
  state: RunState,
): { mark: '↺' | '·'; key: string; name: string } | undefined {
  const batch = batchOf(state, step);
  const loop = outermostLoop(state, step);
  if (!batch || loop === undefined) return undefined;
  return type === 'receipt.undoing'
    ? { mark: '↺', key: batch.key, name: batch.name }
    : { mark: '·', key: loop, name: loop };
}

function isStepEvent(event: RunEvent): event is Extract<RunEvent, { type: `step.${string}`; phase: unknown }> {
  return /^step\.(started|ended|failed|skipped)$/.test(event.type);
}

function endsGroup({ type }: RunEvent): boolean {
  return !/^(receipt\.undone|evidence\.kept|step\.logged|step\.measured|trigger\..*)$/.test(type);
}

/** The steps with whose end a batch is over, as far as the plan tells: without it, the next batch says so. */
function lastInLoops(plan: Plan | undefined): Set<string> {
  const loops = plan?.steps.filter((step) => step.uses === 'for_each').map((step) => step.id) ?? [];
  return new Set(loops.flatMap((loop) => plan?.steps.findLast((step) => step.inside === loop)?.id ?? []));
}
