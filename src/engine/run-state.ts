import type { GuardVerdict } from '../plan/types.ts';
import type { Baseline } from '../runner/contract.ts';
import type { Json } from '../runner/schema.ts';
import type { Actor, Decision, Phase, ProcessRef, ReceiptRef, RunError, RunStatus, UndoCause } from './events.ts';

export type StepStatus = 'pending' | 'skipped' | 'running' | 'retrying' | 'done' | 'failed';

export type StepState = {
  id: string;
  uses: string;
  phase: Phase;
  status: StepStatus;
  attempts: number;
  started_at?: number;
  ended_at?: number;
  retry_at?: number;
  outputs?: Record<string, Json | undefined>;
  error?: RunError;
  skipped_because?: string;
  /** Asked since the last resume: whether it had happened when it was cut. */
  probed?: { found: 'done' | 'not-done' | 'unknown'; say: string };
  decided?: { as: Decision; by: Actor };
  evidence: { name: string; bytes: number }[];
  log: string[];
};

/** A `for_each` that has been entered: what it goes over, and which batches were given up (from 1). */
export type LoopState = { step: string; batches: Json[]; delay: number; given_up: number[] };

export type TriggerState = {
  id: string;
  uses: string;
  status: 'measured' | 'watching' | 'set-aside' | 'tripped' | 'closed';
  baseline?: Baseline;
  now?: 'good' | 'bad' | 'no-data';
  say?: string;
  because?: string;
  lines?: string[];
  opened_at?: number;
  tripped_at?: number;
  samples?: { all: number; bad: number; no_data: number };
};

export type ReceiptStatus = 'open' | 'undoing' | 'undone' | 'undo-failed' | 'settled' | 'settle-failed';

export type ReceiptState = {
  receipt: number;
  step: string;
  /** The attempt at the step that recorded it. */
  attempt: number;
  ref: ReceiptRef;
  status: ReceiptStatus;
  say?: string;
  error?: RunError;
  recorded_at: number;
  ended_at?: number;
};

/** What the events of a run add up to. Pure data; the same for a live run, a resume, a replay and the history. */
export type RunState = {
  run: string;
  seq: number;
  status: RunStatus;
  playbook: string;
  file: string;
  project: string;
  engine_id: string;
  plan_id: string;
  inputs: Record<string, Json>;
  by?: Actor;
  started_by: string;
  process?: ProcessRef;
  commit?: string;
  created_at: number;
  started_at?: number;
  ended_at?: number;
  guards: (GuardVerdict & { step?: string })[];
  /** In the order in which they were first heard of. */
  steps: StepState[];
  receipts: ReceiptState[];
  loops: LoopState[];
  triggers: TriggerState[];
  measured: Record<string, number>;
  pivot_passed?: string;
  cancel_asked_by?: Actor;
  deadline_passed: boolean;
  undo?: { cause: UndoCause; step?: string; trigger?: string; error?: RunError; at: number };
  captured?: { ran_before: boolean };
  compared?: { differences: string[]; say: string };
  release?: string;
  parked?: { step: string; say: string };
  say?: string;
};
