import { batchOf } from '../engine/batch-name.ts';
import type { Phase } from '../engine/events.ts';
import type { RunState, StepState } from '../engine/run-state.ts';
import { parseInstance } from '../playbook/instance.ts';

/** Whose a row is, and what stands before its sentence where the name alone does not say which step it was. */
export type RowName = { name: string; prefix: string };

/** A check after an undo is called so; a step of a batch is called by its batch, one of a `parallel` by both. */
export function rowName(state: RunState | undefined, phase: Phase, step: string): RowName {
  if (phase === 'verify') return { name: 'verify', prefix: `${step}: ` };
  const { id } = parseInstance(step);
  const batch = state && batchOf(state, step);
  if (batch) return { name: batch.name, prefix: `${id}: ` };
  const beside = state && parallelOf(state, step);
  return { name: beside ? `${beside.id} · ${id}` : step, prefix: '' };
}

/** The `parallel` that a step went on in; undefined where it went on alone. Two steps of one go on at the same time. */
export function parallelOf(state: RunState, step: string): StepState | undefined {
  const known = state.steps.findLast(({ id, phase }) => id === step && phase === 'steps');
  if (!known) return undefined;
  const at = parseInstance(step).at.join('.');
  const before = state.steps.slice(0, state.steps.indexOf(known));
  return before.findLast(
    (each) => each.uses === 'parallel' && parseInstance(each.id).at.join('.') === at && isDuring(known, each),
  );
}

/** `parallel` and `for_each` do nothing themselves. */
export function isBlock({ uses }: { uses: string }): boolean {
  return uses === 'parallel' || uses === 'for_each';
}

function isDuring(step: StepState, block: StepState): boolean {
  const heard = step.started_at ?? step.ended_at ?? 0;
  if (block.status === 'skipped') return false;
  if (block.ended_at === undefined || heard < block.ended_at) return true;
  return heard === block.ended_at && block.started_at === block.ended_at && step.ended_at === block.ended_at;
}
