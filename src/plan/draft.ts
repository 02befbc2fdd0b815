import type { Actor } from '../engine/events.ts';
import type { Scope } from '../expression/scope.ts';
import { type At, parseInstance, visibleOutputs } from '../playbook/instance.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Json, Look } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { GuardVerdict, InBatch, PlannedChange, PlannedStep } from './types.ts';

/** The steps of a plan, what they would change, and what stands against them. */
export type Draft = {
  steps: PlannedStep[];
  changes: PlannedChange[];
  verdicts: GuardVerdict[];
  /** What steps are foreseen to give, by instance (`start[1.2]`). */
  outputs: Map<string, Record<string, Json | undefined>>;
  /** Instances of steps that run and whose outputs are not known before. */
  pending: string[];
};

export type DraftOptions = {
  playbook: Playbook;
  registry: Registry;
  look: Look;
  scope: Scope;
  overrides: readonly string[];
  actor: Actor;
};

/** Where a node is planned: in which batches, with which values of the loops' variables. */
export type Place = { at: At; locals: Record<string, Json>; inside?: string; in_batch?: InBatch };

export function emptyDraft(): Draft {
  return { steps: [], changes: [], verdicts: [], outputs: new Map(), pending: [] };
}

/** What conditions and templates see at a place, as far as it is known before. */
export function scopeAt(draft: Draft, { at, locals }: Place, { scope }: DraftOptions): Scope {
  return { ...scope, steps: visibleOutputs(draft.outputs, at), locals: { ...scope.locals, ...locals } };
}

/** Ids of the steps that are visible at a place and whose outputs are still to come, in their order. */
export function pendingAt(draft: Draft, { at }: Place): string[] {
  return Object.keys(
    visibleOutputs(
      draft.pending.map((key) => [key, true] as const),
      at,
    ),
  );
}

/** Adds a step once, however many batches it stands in: it is skipped only where every one of them skips it. */
export function addStep(draft: Draft, planned: PlannedStep): void {
  const index = draft.steps.findIndex((step) => step.id === planned.id);
  const known = draft.steps[index];
  if (!known) draft.steps.push(planned);
  else if (known.skipped !== undefined && planned.skipped === undefined) draft.steps[index] = planned;
}

/** The changes of one step of the plan, those of all its batches. */
export function stepOf(change: Pick<PlannedChange, 'step'>): string {
  return parseInstance(change.step).id;
}
