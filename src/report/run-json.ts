import type { Actor, Phase, RunError, RunStatus, UndoCause } from '../engine/events.ts';
import type { RunState, StepState, TriggerState } from '../engine/run-state.ts';
import type { GuardVerdict } from '../plan/types.ts';
import type { Json } from '../runner/contract.ts';

/** A run for programs (`schemas/run.schema.json`). Times are ISO 8601; what is not there is null. */
export type RunRecord = {
  id: string;
  playbook: string;
  stack: string;
  status: RunStatus;
  say: string | null;
  plan_id: string;
  started_at: string;
  ended_at: string | null;
  inputs: Record<string, Json>;
  by: Actor | null;
  started_by: string;
  commit: string | null;
  guards: (Pick<GuardVerdict, 'id' | 'verdict' | 'say' | 'step' | 'overridden_by'> & { evidence: Json })[];
  steps: StepRecord[];
  loops: LoopRecord[];
  undo: {
    cause: UndoCause;
    step: string | null;
    trigger: string | null;
    error: RunError | null;
    left: string[];
  } | null;
  triggers: TriggerRecord[];
  release: string | null;
};

export type StepRecord = {
  id: string;
  uses: string;
  phase: Phase;
  status: StepState['status'];
  attempts: number;
  started_at: string | null;
  ended_at: string | null;
  outputs: Record<string, Json | undefined>;
  error: RunError | null;
};

/** A `for_each` that was entered; numbers of batches count from 1. */
export type LoopRecord = { step: string; batches: Json[]; delay_ms: number; given_up: number[] };

export type TriggerRecord = {
  id: string;
  uses: string;
  status: TriggerState['status'];
  say: string | null;
  because?: string;
  lines?: string[];
  opened_at: string | null;
  tripped_at?: string;
  samples?: { all: number; bad: number; no_data: number };
};

export function runJson(state: RunState): RunRecord {
  return {
    id: state.run,
    playbook: state.playbook,
    stack: state.project,
    status: state.status,
    say: state.say ?? null,
    plan_id: state.plan_id,
    started_at: iso(state.created_at),
    ended_at: isoOrNull(state.ended_at),
    inputs: state.inputs,
    by: state.by ?? null,
    started_by: state.started_by,
    commit: state.commit ?? null,
    guards: state.guards.map(guardRecord),
    steps: state.steps.map(stepRecord),
    loops: state.loops.map(({ delay, ...loop }) => ({ ...loop, delay_ms: delay })),
    undo: undoRecord(state),
    triggers: state.triggers.map(triggerRecord),
    release: state.release ?? null,
  };
}

function guardRecord({ id, verdict, say, step, overridden_by, evidence }: GuardVerdict): RunRecord['guards'][number] {
  return {
    id,
    verdict,
    say,
    ...(step === undefined ? {} : { step }),
    ...(overridden_by === undefined ? {} : { overridden_by }),
    evidence: evidence ?? null,
  };
}

function stepRecord(step: StepState): StepRecord {
  const { id, uses, phase, status, attempts, outputs = {}, error = null } = step;
  return {
    id,
    uses,
    phase,
    status,
    attempts,
    started_at: isoOrNull(step.started_at),
    ended_at: isoOrNull(step.ended_at),
    outputs,
    error,
  };
}

function triggerRecord({ id, uses, status, say, baseline, ...trigger }: TriggerState): TriggerRecord {
  const { because, lines, opened_at, tripped_at, samples } = trigger;
  return {
    id,
    uses,
    status,
    say: say ?? baseline?.say ?? null,
    ...(because === undefined ? {} : { because }),
    ...(lines === undefined ? {} : { lines }),
    opened_at: isoOrNull(opened_at),
    ...(tripped_at === undefined ? {} : { tripped_at: iso(tripped_at) }),
    ...(samples === undefined ? {} : { samples }),
  };
}

function undoRecord({ undo: turned, compared, receipts }: RunState): RunRecord['undo'] {
  if (turned === undefined) return null;
  const failed = receipts.filter((receipt) => receipt.status === 'undo-failed');
  const left = [...failed.map((receipt) => receipt.error?.message ?? receipt.step), ...(compared?.differences ?? [])];
  return {
    cause: turned.cause,
    step: turned.step ?? null,
    trigger: turned.trigger ?? null,
    error: turned.error ?? null,
    left,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}
