import { instanceKey, loopsAround, parseInstance } from '../playbook/instance.ts';
import type { LoopStep, StepNode } from '../playbook/types.ts';
import type { RunError } from './events.ts';
import type { Move } from './moves.ts';
import type { RunState, StepState } from './run-state.ts';

/**
 * The step whose failure counts: not one of a batch that was given up, and rather one that failed by itself than one that
 * was stopped because of it.
 */
export function failedStep(nodes: readonly StepNode[], state: RunState): StepState | undefined {
  const failed = state.steps.filter(
    (step) => step.phase === 'steps' && step.status === 'failed' && !isGivenUp(nodes, state, step.id),
  );
  return failed.find((step) => step.error?.class !== 'cancelled') ?? failed[0];
}

/** Where a loop around the failed step allows for it, its batch is given up; the innermost loop that does so. */
export function givingUp(nodes: readonly StepNode[], state: RunState, failed: StepState): Move | undefined {
  const { error } = failed;
  if (!error || error.class === 'cancelled') return undefined;
  const { loop, key, batch } = around(nodes, failed.id).findLast(({ loop, key }) => mayFail(loop, key, state)) ?? {};
  return loop && { do: 'give up', loop: key ?? '', batch: batch ?? 0, error };
}

/** A batch that was given up and could not be taken back: the run must not go on over what is left of it. */
export function stuckBatch({ receipts }: RunState): { step: string; error?: RunError } | undefined {
  const stuck = receipts.find(({ status }) => status === 'undo-failed');
  return stuck && { step: stuck.step, ...(stuck.error && { error: stuck.error }) };
}

function mayFail(loop: LoopStep, key: string, state: RunState): boolean {
  const known = state.loops.find(({ step }) => step === key);
  return known !== undefined && known.given_up.length < loop.allow;
}

function isGivenUp(nodes: readonly StepNode[], state: RunState, step: string): boolean {
  return around(nodes, step).some(({ key, batch }) =>
    state.loops.some((known) => known.step === key && known.given_up.includes(batch)),
  );
}

type Around = { loop: LoopStep; key: string; batch: number };

/** The loops that a step of the journal stands in, outermost first, with the batch of each. */
function around(nodes: readonly StepNode[], step: string): Around[] {
  const { id, at } = parseInstance(step);
  return loopsAround(nodes, id)
    .slice(0, at.length)
    .map((loop, level) => ({ loop, key: instanceKey(loop.id, at.slice(0, level)), batch: at[level] ?? 0 }));
}
