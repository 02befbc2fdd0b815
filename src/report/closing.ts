import { batchOf, isGivenUp, stepName } from '../engine/batch-name.ts';
import type { RunState } from '../engine/run-state.ts';
import { formatDuration } from '../playbook/duration.ts';
import { parseInstance } from '../playbook/instance.ts';
import { count, list } from './amounts.ts';
import { by, cause, failedStep } from './cause.ts';
import { clause, sentence } from './sentence.ts';
import { serving } from './serving.ts';
import { stackName } from './stack-name.ts';

/** How a run ended: one sentence, then what is left, what was kept, and what to do next. */
export function closingLines(state: RunState): string[] {
  return [
    headline(state),
    ...refused(state),
    ...restored(state),
    ...left(state),
    ...remarks(state),
    ...kept(state),
    ...next(state),
  ];
}

/** Whether somebody has to look at it. */
export function wentWrong(state: RunState): boolean {
  return state.status !== 'succeeded' && state.status !== 'nothing-to-do';
}

/** Whether it must be told even where nothing else is: it went wrong, or something was allowed to. */
export function mustBeTold(state: RunState): boolean {
  return wentWrong(state) || state.loops.some((loop) => loop.given_up.length > 0);
}

function headline(state: RunState): string {
  const took = formatDuration((state.ended_at ?? state.created_at) - (state.started_at ?? state.created_at));
  switch (state.status) {
    case 'succeeded':
      return `Done in ${took}.${state.release === undefined ? '' : ` Release ${state.release} is recorded.`}`;
    case 'nothing-to-do':
      return sentence(state.say ?? 'Nothing to do');
    case 'no-go':
      return noGo(state);
    case 'rolled-back':
      return turnedBack(state, took);
    case 'cancelled':
      return [cancelled(state, took), ...serving(state)].join(' ');
    case 'partially-rolled-back':
      return `Rolled back only IN PART after ${took}: ${cause(state)}`;
    case 'rollback-failed':
      // A playbook that is itself a way back has no undo of its own, and says where it stopped.
      return state.undo === undefined
        ? `The rollback FAILED after ${took}. ${sentence(state.say ?? cause(state))}`
        : `The rollback FAILED after ${took}: ${cause(state)}`;
    case 'failed':
      return `Failed after ${took}. ${sentence(state.say ?? cause(state))}`;
    case 'needs-decision':
      return `Stopped for a decision: ${sentence(state.parked?.say ?? state.say ?? 'a person must say how to go on')}`;
    case 'interrupted':
      return `Interrupted: the process of run ${state.run} is gone, and ${stackName(state.project)} stays reserved.`;
    case 'waiting':
      return `Waiting: ${sentence(state.say ?? `another run holds ${stackName(state.project)}`)}`;
    case 'running':
      return `Run ${state.run} on ${stackName(state.project)} has not ended.`;
  }
}

function noGo(state: RunState): string {
  const names = objections(state).map((guard) => guard.step ?? guard.id);
  if (names.length === 0) return `No-go: ${sentence(state.say ?? 'nothing was changed')}`;
  return `No-go: ${list([...new Set(names)])}. Nothing was changed.`;
}

/** What stands against the run, one line each. */
function refused(state: RunState): string[] {
  if (state.status !== 'no-go') return [];
  return objections(state).map((guard) => `  ${guard.step ?? guard.id}: ${sentence(guard.say)}`);
}

function cancelled(state: RunState, took: string): string {
  return `Cancelled${by(state)} after ${took}${state.receipts.length === 0 ? ', before anything was changed' : ''}.`;
}

function turnedBack(state: RunState, took: string): string {
  if (state.receipts.length === 0 && state.undo?.cause === 'crash')
    return 'It had been interrupted before anything was changed, and is ended.';
  if (state.receipts.length === 0) return `Failed after ${took}, before anything was changed. ${cause(state)}`;
  if (state.undo?.cause === 'asked') return [`Taken back as asked, in ${took}.`, ...serving(state)].join(' ');
  return [`Rolled back after ${took}: ${cause(state)}`, ...serving(state)].join(' ');
}

/** What was proved by looking; without changes there was nothing to take back. */
function restored(state: RunState): string[] {
  if (state.status !== 'rolled-back' && state.status !== 'cancelled') return [];
  if (state.compared) return [sentence(state.compared.say)];
  return state.receipts.length === 0 ? [] : ['Every change is taken back.'];
}

/** What is not as it was, one line each. */
function left(state: RunState): string[] {
  const undo = state.receipts.filter((receipt) => receipt.status === 'undo-failed');
  const settle = state.receipts.filter((receipt) => receipt.status === 'settle-failed');
  const verify = state.steps.filter((step) => step.phase === 'verify' && step.status === 'failed');
  const sentences = [
    ...undo.map(
      (receipt) => `${stepName(state, receipt.step)}: ${receipt.error?.message ?? 'could not be taken back'}`,
    ),
    ...settle.map(
      (receipt) => `${stepName(state, receipt.step)}: ${receipt.error?.message ?? 'could not be cleared away'}`,
    ),
    ...verify.map((step) => `${step.id}: ${step.error?.message ?? 'is worse than before'}`),
    ...(state.compared?.differences ?? []),
  ];
  return distinct(sentences).map((each) => `  left: ${each}`);
}

/** What was handled on the way stays visible, whatever the end. */
function remarks(state: RunState): string[] {
  const retried = state.steps.filter((step) => step.status === 'done' && step.attempts > 1);
  const told = state.steps.filter((step) => step.phase === 'always' && step.status === 'failed');
  const aside = state.guards.filter((guard) => guard.overridden_by !== undefined);
  return [
    ...givenUp(state),
    ...blind(state),
    ...retried.map((step) => `Note: ${stepName(state, step.id)} needed ${count(step.attempts, 'attempt')}.`),
    ...told.map(
      (step) =>
        `Note: ${step.id} failed: ${sentence(step.error?.message ?? 'no reason is recorded')} That did not change how the run ended.`,
    ),
    ...aside.map(
      (guard) =>
        `Note: ${guard.id} was no-go and was set aside by ${guard.overridden_by ?? 'somebody'}: ${sentence(guard.say)}`,
    ),
  ];
}

/** What failed and was allowed to: the run went on without it. */
function givenUp(state: RunState): string[] {
  const failed = state.steps.filter((step) => step.status === 'failed' && isGivenUp(state, step.id));
  return failed
    .filter((step) => step.error?.class !== 'cancelled')
    .map((step) => {
      const why = clause(step.error?.message ?? 'no reason is recorded');
      return `Note: ${batchOf(state, step.id)?.name ?? step.id} was given up: ${parseInstance(step.id).id} failed: ${sentence(why)}`;
    });
}

/** Who counts on a trigger must know that it did not count. */
function blind({ triggers }: RunState): string[] {
  return triggers
    .filter(({ because, status }) => because !== undefined && status !== 'tripped')
    .map(({ id, because = '' }) => `Note: ${id} was set aside: ${sentence(clause(because))}`);
}

function kept(state: RunState): string[] {
  const failed = state.undo?.step ?? failedStep(state)?.id;
  // What failed first, then what was kept of the rest before it was put back.
  const steps = state.steps.toSorted((a, b) => Number(b.id === failed) - Number(a.id === failed));
  const names = [...new Set(steps.flatMap((step) => step.evidence.map((each) => each.name)))];
  if (names.length === 0 || !mustBeTold(state)) return [];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return [`Kept for you: ${list(shown)} · playbook show ${state.run} --evidence`];
}

function next(state: RunState): string[] {
  const advice = hints(state).map((hint) => `Next: ${sentence(hint)}`);
  switch (state.status) {
    case 'partially-rolled-back':
    case 'rollback-failed':
      return state.undo === undefined
        ? [...advice, `To put back what ran before it: playbook undo ${state.run}`]
        : [...advice, `To try the way back again: playbook undo ${state.run}`];
    case 'interrupted':
      return [...advice, ...waysOn(state)];
    case 'needs-decision':
      return [...advice, ...decisions(state), ...waysOn(state)];
    case 'failed':
      return [...advice, `To see what it did: playbook show ${state.run}`];
    default:
      return advice;
  }
}

/** A step that was cut stands between the run and its end. */
function decisions({ run, parked }: RunState): string[] {
  if (!parked) return [];
  const ways = [
    ['If it has happened', 'done'],
    ['If not, and the run shall fail', 'not-done'],
    ['To do it again', 'retry'],
  ];
  return ways.map(([when, as]) => `${when}: playbook resume ${run} --as ${as}`);
}

function waysOn({ run, pivot_passed, parked }: RunState): string[] {
  const on = parked ? [] : [`To take it up again: playbook resume ${run} (with --plan: what that would do)`];
  const back = pivot_passed === undefined ? [`To take back what it did: playbook undo ${run}`] : [];
  return [...on, ...back, `To see what it did: playbook show ${run}`];
}

/** What stands in the way of the way back comes first, then what stood in the way of the run. */
function hints(state: RunState): string[] {
  if (state.status === 'no-go') return distinct(objections(state).map((guard) => guard.hint));
  const undo = state.receipts
    .filter((receipt) => receipt.status === 'undo-failed')
    .map((receipt) => receipt.error?.hint);
  return distinct([...undo, state.undo?.error?.hint ?? failedStep(state)?.error?.hint]);
}

function objections(state: RunState): RunState['guards'] {
  return state.guards.filter((guard) => guard.verdict === 'no-go' && guard.overridden_by === undefined);
}

function distinct(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => text ?? []))];
}
