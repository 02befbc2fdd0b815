import type { RunStatus } from '../engine/events.ts';
import { Problems, Refusal, type RefusalReason } from '../errors.ts';
import type { Plan } from '../plan/types.ts';

/** What each exit code means: the one table that help, `explain` and the commands go by. */
export const EXIT_CODES = [
  { code: 0, name: 'done', meaning: 'Done, or there was nothing to do. plan: a plan was made.' },
  { code: 1, name: 'bug', meaning: 'A bug of playbook itself.' },
  {
    code: 2,
    name: 'usage',
    meaning: 'Wrong usage, problems in the playbook, an unreadable or invalid Compose file, or a Node that is too old.',
  },
  {
    code: 3,
    name: 'no-go',
    meaning: 'A guard said no-go (plan too), or the question was answered with no; nothing was changed.',
  },
  {
    code: 4,
    name: 'rolled-back',
    meaning: 'The run failed, and everything that the plan promised to take back is back.',
  },
  {
    code: 5,
    name: 'not-back',
    meaning:
      'The run failed and not everything is back, or it failed after the pivot, or it was left unfinished by a second Ctrl-C; the message says what is left and what to do.',
  },
  { code: 6, name: 'needs-decision', meaning: 'The run is parked: a person must decide.' },
  {
    code: 7,
    name: 'locked',
    meaning: 'Another run holds the stack, here or from another machine, or an unfinished one reserves it.',
  },
  { code: 8, name: 'stale-plan', meaning: 'The plan no longer fits the world; nothing was changed.' },
  {
    code: 9,
    name: 'unavailable',
    meaning: 'The engine, Compose, the store or the network could not be used; nothing was changed.',
  },
  { code: 10, name: 'changes', meaning: 'plan --detailed-exitcode: there are changes.' },
  { code: 11, name: 'undecided', meaning: 'plan --detailed-exitcode: a guard is undecided until a step has run.' },
  { code: 130, name: 'cancelled', meaning: 'The run was cancelled, and everything is back.' },
] as const;

export type ExitCode = (typeof EXIT_CODES)[number]['code'];

/** What `run` exits with. A run that was turned back is never a success of what was asked for. */
export function exitCodeOfRun(status: RunStatus): ExitCode {
  return RUN_CODES[status];
}

/** What `undo` exits with: here "everything is back" is what was asked for. */
export function exitCodeOfUndo(status: RunStatus): ExitCode {
  return status === 'rolled-back' || status === 'cancelled' ? 0 : RUN_CODES[status];
}

/** What `plan` exits with; only `--detailed-exitcode` tells changes, undecided and nothing to do apart. */
export function exitCodeOfPlan(verdict: Plan['verdict'], detail: 'plain' | 'detailed'): ExitCode {
  if (verdict === 'no-go') return 3;
  if (detail === 'plain' || verdict === 'nothing-to-do') return 0;
  return verdict === 'undecided' ? 11 : 10;
}

/** What a command that threw exits with; whatever is neither a problem nor a refusal is a bug of ours. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof Problems) return 2;
  return error instanceof Refusal ? REFUSAL_CODES[error.reason] : 1;
}

const RUN_CODES: Record<RunStatus, ExitCode> = {
  succeeded: 0,
  'nothing-to-do': 0,
  'no-go': 3,
  'rolled-back': 4,
  'partially-rolled-back': 5,
  'rollback-failed': 5,
  failed: 5,
  // A run that this process leaves without an end can be taken up again, but is not back.
  waiting: 5,
  running: 5,
  interrupted: 5,
  'needs-decision': 6,
  cancelled: 130,
};

const REFUSAL_CODES: Record<RefusalReason, ExitCode> = {
  usage: 2,
  'no-go': 3,
  declined: 3,
  'needs-decision': 6,
  locked: 7,
  'stale-plan': 8,
  unavailable: 9,
};
