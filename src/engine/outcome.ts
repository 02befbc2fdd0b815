import type { Ending } from '../expression/scope.ts';
import { parseInstance } from '../playbook/instance.ts';
import { stepName } from './batch-name.ts';
import type { RunError } from './events.ts';
import { failedStep, stuckBatch } from './failed-step.ts';
import type { Program } from './program.ts';
import type { RunState } from './run-state.ts';
import { stepState } from './state.ts';

/** How a run ends and why, as one sentence: nothing that was handled is hidden, and a rollback is never called a success. */
export function outcome(program: Program, state: RunState): { status: Ending; say: string } {
  const against = objections(state);
  if (state.started_at === undefined && against.length > 0) return noGo(against.map((guard) => guard.say));
  const refused = refusedBeforeAnyChange(program, state);
  if (refused) return noGo([refused.message]);
  return state.undo ? afterUndo(program, state) : afterForward(program, state);
}

/** Guards that stand against the run and were not set aside. */
export function objections(state: RunState): RunState['guards'] {
  return state.guards.filter((guard) => guard.verdict === 'no-go' && guard.overridden_by === undefined);
}

function noGo(reasons: readonly string[]): { status: Ending; say: string } {
  return { status: 'no-go', say: `${reasons.map(sentence).join(' ')} Nothing was changed.` };
}

function refusedBeforeAnyChange(program: Program, state: RunState): RunError | undefined {
  if (state.receipts.length > 0) return undefined;
  const failed = failedStep(program.playbook.steps, state);
  return failed?.error?.class === 'guard' || failed?.error?.class === 'conflict' ? failed.error : undefined;
}

function afterUndo(program: Program, state: RunState): { status: Ending; say: string } {
  const why = cause(program, state);
  const failed = state.receipts.filter((receipt) => receipt.status === 'undo-failed');
  const left = [
    ...failed.map(
      (receipt) => `${stepName(state, receipt.step)}: ${receipt.error?.message ?? 'could not be taken back'}`,
    ),
    ...state.receipts.filter((receipt) => receipt.status === 'settle-failed').map(said),
    ...verifyFailures(program, state),
    ...(state.compared?.differences ?? []),
  ];
  if (left.length === 0) {
    const status = state.undo?.cause === 'cancel' ? 'cancelled' : 'rolled-back';
    return { status, say: [why, ...irreversible(program, state)].join(' ') };
  }
  const undone = state.receipts.some((receipt) => receipt.status === 'undone');
  const status = failed.length > 0 && !undone ? 'rollback-failed' : 'partially-rolled-back';
  return { status, say: `${why} Not all is back: ${left.join('; ')}.` };
}

function afterForward(program: Program, state: RunState): { status: Ending; say: string } {
  const failed = failedStep(program.playbook.steps, state) ?? stuckBatch(state);
  const stopped = failed !== undefined || (state.pivot_passed === undefined && wasStopped(state));
  if (stopped) return stoppedWithoutUndo(program, state);
  const unsettled = state.receipts.filter((receipt) => receipt.status === 'settle-failed');
  if (unsettled.length > 0)
    return {
      status: 'failed',
      say: `All steps are done, but not all is cleared away: ${unsettled.map(said).join('; ')}.`,
    };
  if (!changedTheStack(program, state))
    return { status: 'nothing-to-do', say: 'Nothing to do: all is as it should be.' };
  return { status: 'succeeded', say: `${program.playbook.name} is done.` };
}

/** Whether a step has changed more than the files from which the stack is made. Pure. */
export function changedTheStack({ sources }: Program, { receipts }: RunState): boolean {
  return receipts.some(({ step }) => step !== sources);
}

function wasStopped(state: RunState): boolean {
  const tripped = state.triggers.some((trigger) => trigger.status === 'tripped');
  return state.cancel_asked_by !== undefined || state.deadline_passed || tripped;
}

/** After the pivot, or where the playbook wants no undo: what was changed stays. */
function stoppedWithoutUndo(program: Program, state: RunState): { status: Ending; say: string } {
  const why = cause(program, state);
  const { playbook, target, plan } = program;
  if (state.receipts.length > 0 && playbook.rollback === 'never' && target.release !== undefined) {
    const left = `${plan.stack.project} is not back on release ${target.release}: what was changed so far stays, and \`playbook rollback ${target.release}\` goes on from there.`;
    return { status: 'rollback-failed', say: `${why} ${left}` };
  }
  if (state.receipts.length > 0) {
    const kept =
      state.pivot_passed === undefined
        ? 'this playbook takes nothing back'
        : `the way back ended with ${state.pivot_passed}`;
    return { status: 'failed', say: `${why} What was changed stays: ${kept}.` };
  }
  return { status: state.cancel_asked_by ? 'cancelled' : 'rolled-back', say: `${why} Nothing was changed.` };
}

function cause(program: Program, state: RunState): string {
  const failed = failedStep(program.playbook.steps, state);
  const { undo, cancel_asked_by: by } = state;
  if (undo?.cause === 'asked') return 'Taken back as asked.';
  if (undo?.cause === 'crash') return 'Its process died, and it was taken back as its playbook says.';
  if (by && (undo?.cause === 'cancel' || !undo)) return `Cancelled by ${by.user}.`;
  if (state.deadline_passed && !undo?.step) return 'The deadline of the run passed.';
  const tripped = state.triggers.find((trigger) => trigger.status === 'tripped');
  if (tripped && (undo?.trigger === tripped.id || !undo))
    return `The trigger ${tripped.id} tripped: ${sentence(tripped.say ?? 'for an unknown reason')}`;
  const stuck = failed ? undefined : stuckBatch(state);
  const error = undo?.error ?? failed?.error ?? stuck?.error;
  const step = undo?.step ?? failed?.id ?? stuck?.step;
  return `${step === undefined ? 'A step' : stepName(state, step)} failed: ${sentence(error?.message ?? 'for an unknown reason')}`;
}

function verifyFailures(program: Program, state: RunState): string[] {
  return program.playbook.steps.flatMap((step) => {
    const verified = stepState(state, 'verify', step.id);
    return verified?.status === 'failed' ? [`verify ${step.id}: ${verified.error?.message ?? 'failed'}`] : [];
  });
}

/** What the plan had declared to have no way back, and did happen. */
function irreversible(program: Program, state: RunState): string[] {
  const stay = state.receipts.filter(({ status }) => status === 'open' || status === 'settled');
  const done = new Set(stay.map((receipt) => parseInstance(receipt.step).id));
  return program.plan.steps
    .filter((step) => done.has(step.id) && step.no_undo !== undefined)
    .map((step) => `${step.id} stays done: ${sentence(step.no_undo ?? '')}`);
}

function said(receipt: RunState['receipts'][number]): string {
  return `${receipt.step}: ${receipt.error?.message ?? 'unknown'}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
