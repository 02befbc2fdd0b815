import { type Batch, batchOf } from '../engine/batch-name.ts';
import type { ReceiptState, RunState, StepState } from '../engine/run-state.ts';
import type { Plan } from '../plan/types.ts';
import { isBlock } from './row-name.ts';
import type { Row } from './rows.ts';
import { stepSummary } from './summary.ts';

/** What has been done in a batch, as one sentence in the order of its steps; empty where nothing was. */
export function batchSentence(steps: readonly StepState[], plan: Plan | undefined): string {
  const says = steps
    .filter((step) => step.status === 'done' && !isBlock(step))
    .map((step) => stepSummary(step.id, step.outputs ?? {}, plan));
  const telling = says.filter((say) => say !== 'done' && say !== 'nothing to change');
  return joined(telling.length > 0 ? telling : says.slice(0, 1));
}

/** A batch that has gone well, from its first step to its last. */
export function batchRow(name: string, steps: readonly StepState[], plan: Plan | undefined): Row[] {
  const text = batchSentence(steps, plan);
  if (text === '') return [];
  const from = Math.min(...steps.flatMap((step) => step.started_at ?? []));
  const to = Math.max(...steps.flatMap((step) => step.ended_at ?? []));
  return [{ mark: '✓', name, text, ms: to - from }];
}

/** What had been done in a batch when one of its steps failed. */
export function brokenBatchRow(name: string, steps: readonly StepState[], plan: Plan | undefined): Row[] {
  const text = batchSentence(steps, plan);
  return text === '' ? [] : [{ mark: '·', name, text }];
}

/** All of a loop; the loops inside of it have said what there is to say in their batches. */
export function loopRow(state: RunState, step: StepState): Row[] {
  const batches = state.loops.filter((loop) => isIn(state, loop.step, step.id));
  const innermost = batches.filter((loop) => !batches.some((other) => batchOf(state, other.step)?.loop === loop));
  const all = innermost.reduce((sum, loop) => sum + loop.batches.length, 0);
  const given_up = batches.reduce((sum, loop) => sum + loop.given_up.length, 0);
  const text = all === 0 ? 'nothing to go over' : `${all} ${all === 1 ? 'batch' : 'batches'}`;
  const ms =
    step.started_at === undefined || step.ended_at === undefined ? {} : { ms: step.ended_at - step.started_at };
  if (given_up === 0) return [{ mark: '✓', name: step.id, text, ...ms }];
  return [{ mark: '!', name: step.id, text: `${text}, ${given_up} of them given up`, ...ms }];
}

/** Receipts one after the other that belong to one batch, or one receipt outside of batches. */
export type Taken = { batch?: Batch; receipts: ReceiptState[] };

export function byBatch(state: RunState, receipts: readonly ReceiptState[]): Taken[] {
  const groups: Taken[] = [];
  for (const receipt of receipts) {
    const batch = batchOf(state, receipt.step);
    const last = groups.at(-1);
    if (batch && last?.batch?.key === batch.key) last.receipts.push(receipt);
    else groups.push({ ...(batch && { batch }), receipts: [receipt] });
  }
  return groups;
}

/** The clauses of a batch in one sentence; what is said twice is said once. */
export function joined(says: readonly string[]): string {
  return [...new Set(says)].join(' · ');
}

function isIn(state: RunState, loop: string, outer: string): boolean {
  if (loop === outer) return true;
  const around = batchOf(state, loop)?.loop;
  return around !== undefined && isIn(state, around.step, outer);
}
