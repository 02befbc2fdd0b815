import type { FailureClass } from '../errors.ts';
import type { GuardVerdict } from '../plan/types.ts';
import type { Baseline } from '../runner/contract.ts';
import type { Json } from '../runner/schema.ts';

/** Who started a run or set a guard aside. */
export type Actor = { user: string; host: string };

/** The process that carries a run; `started` and `boot` tell a recycled pid from the same process. */
export type ProcessRef = { pid: number; host: string; started: string; boot: string };

/** A failure as the journal keeps it; masked before it gets here. */
export type RunError = { class: FailureClass; message: string; hint?: string; lines?: string[] };

/** Where a receipt is: the file (relative to the run's folder) and the HMAC of its bytes. */
export type ReceiptRef = { file: string; hmac: string };

/** Why the run turned back; `crash`: its process died, and the playbook wants it taken back then. */
export type UndoCause = 'failure' | 'timeout' | 'cancel' | 'trigger' | 'asked' | 'crash';

/** What a person says of a step that was cut, and of which nobody can tell whether it has happened. */
export type Decision = 'done' | 'not-done' | 'retry';

export type RunStatus =
  | 'waiting'
  | 'running'
  | 'interrupted'
  | 'needs-decision'
  | 'succeeded'
  | 'nothing-to-do'
  | 'no-go'
  | 'rolled-back'
  | 'partially-rolled-back'
  | 'rollback-failed'
  | 'failed'
  | 'cancelled';

/** Which list a step stands in; `verify` runs a step of `steps` again as a check. */
export type Phase = 'steps' | 'verify' | 'always';

/**
 * All that can happen in a run. `step` is a step's id; in a `for_each` with the numbers of the batches, outermost first:
 * `start[1.2]`. A `for_each` or `parallel` has `step.started` and `step.ended` of its own, with that word as `uses`.
 * A closed union: it is the only thing that is stored, and the only thing that is shown.
 * Everything else (state, history, views) is a fold of it.
 */
export type RunEventBody =
  | {
      type: 'run.created';
      playbook: string;
      file: string;
      project: string;
      engine_id: string;
      plan_id: string;
      inputs: Record<string, Json>;
      by: Actor;
      started_by: string;
      process: ProcessRef;
      commit?: string;
    }
  | { type: 'run.waiting'; because: string }
  | { type: 'run.started' }
  | { type: 'run.continued'; process: ProcessRef; because: 'resume' | 'undo'; by: Actor }
  | { type: 'guard.judged'; step?: string; guard: GuardVerdict }
  | { type: 'step.skipped'; phase: Phase; step: string; uses: string; because: string }
  | { type: 'step.started'; phase: Phase; step: string; uses: string; attempt: number }
  | { type: 'step.logged'; step: string; lines: string[] }
  | { type: 'step.measured'; step: string; what: string; ms: number }
  | { type: 'receipt.recorded'; step: string; receipt: number; ref: ReceiptRef }
  | { type: 'step.ended'; phase: Phase; step: string; attempt: number; outputs: Record<string, Json | undefined> }
  | { type: 'step.failed'; phase: Phase; step: string; attempt: number; error: RunError; retry_at?: number }
  /** It was cut: whether its effect had happened by then, as far as that can be found out. */
  | { type: 'step.probed'; step: string; found: 'done' | 'not-done' | 'unknown'; say: string }
  /** A person has said what counts of a step that was cut. */
  | { type: 'step.decided'; step: string; as: Decision; by: Actor }
  | { type: 'evidence.kept'; step: string; name: string; bytes: number }
  /** A `for_each` begins: what it goes over is settled from here on. Each batch is what `as` means in it: an item, or a list of items. */
  | { type: 'loop.entered'; step: string; batches: Json[]; delay?: number }
  /** A batch (from 1) failed, and `allow` lets it: it is taken back, and the next one follows. */
  | { type: 'batch.given_up'; step: string; batch: number; error: RunError }
  | { type: 'trigger.measured'; trigger: string; baseline: Baseline }
  | { type: 'trigger.opened'; trigger: string; uses: string }
  /** Its state has changed: `good`, `bad` (so far not often enough), or `no-data`. */
  | { type: 'trigger.noted'; trigger: string; now: 'good' | 'bad' | 'no-data'; say: string }
  /** It does not count for now, and why: it was bad before the run, or the cause lies outside. */
  | { type: 'trigger.set_aside'; trigger: string; because: string }
  /** `sampled_at`: when the sample was taken that made it trip. */
  | { type: 'trigger.tripped'; trigger: string; say: string; sampled_at?: number; lines?: string[] }
  | { type: 'trigger.closed'; trigger: string; samples: number; bad: number; no_data: number }
  | { type: 'release.recorded'; release: string }
  | { type: 'pivot.passed'; step: string }
  | { type: 'cancel.asked'; by: Actor }
  | { type: 'deadline.passed' }
  | { type: 'undo.started'; cause: UndoCause; step?: string; trigger?: string; error?: RunError }
  | { type: 'receipt.undoing'; step: string; receipt: number }
  | { type: 'receipt.undone'; step: string; receipt: number; say?: string }
  | { type: 'receipt.undo_failed'; step: string; receipt: number; error: RunError }
  /** Before the first receipt: what the stack was is written down in the run's folder. */
  | { type: 'stack.captured'; ran_before: boolean }
  | { type: 'stack.compared'; differences: string[]; say: string }
  | { type: 'receipt.settled'; step: string; receipt: number; say?: string }
  | { type: 'receipt.settle_failed'; step: string; receipt: number; error: RunError }
  | { type: 'run.parked'; step: string; say: string }
  | { type: 'run.ended'; status: RunStatus; say: string };

/** An event with its number in the run (from 1, without gaps) and its time (milliseconds since the epoch). */
export type RunEvent = RunEventBody & { run: string; seq: number; at: number };

/** Shown while it lasts, never stored. A line is stored as well, some lines at a time (`step.logged`). */
export type Glimpse =
  | { type: 'progress'; step: string; say: string; done?: number; total?: number }
  | { type: 'line'; step: string; line: string };
