import { parseInstance, topOf } from '../playbook/instance.ts';
import { plainSteps } from '../playbook/nodes.ts';
import type { RollbackCause } from '../playbook/types.ts';
import { nodeMove } from './decide-node.ts';
import type { RunError } from './events.ts';
import { failedStep, givingUp, stuckBatch } from './failed-step.ts';
import { heldBack } from './held-back.ts';
import { attemptOf, type Move } from './moves.ts';
import { objections, outcome } from './outcome.ts';
import type { Program } from './program.ts';
import type { ReceiptState, RunState } from './run-state.ts';
import { stepState } from './state.ts';

/**
 * `undo`: a person asked to take back what the run has done so far; `crash`: its process died, and its playbook wants it taken
 * back then. Both count before the pivot only.
 */
export type Intent = 'run' | 'undo' | 'crash';

/** The next move of a run, from the program, what has happened and the time alone. Undefined: nothing is left to do. */
export function decide(program: Program, state: RunState, now: number, intent: Intent): Move | undefined {
  if (state.ended_at !== undefined || state.parked) return undefined;
  if (state.undo) return takingBack(program, state, now);
  if (state.started_at === undefined) return beforeTheStart(program, state, now);
  if (state.pivot_passed !== undefined) return forward(program, state, now);
  return turningBack(program, state, now, intent) ?? forward(program, state, now);
}

/** When the run must turn back, whatever it is doing then; undefined where no deadline holds (any more). */
export function deadlineAt(program: Program, state: RunState): number | undefined {
  const { deadline } = program.playbook;
  if (deadline === undefined || state.started_at === undefined) return undefined;
  return state.undo || state.pivot_passed !== undefined ? undefined : state.started_at + deadline;
}

function beforeTheStart(program: Program, state: RunState, now: number): Move {
  const judged = state.guards.length >= program.plan.guards.length;
  return judged && objections(state).length > 0 ? finish(program, state, now) : { do: 'begin' };
}

function turningBack(program: Program, state: RunState, now: number, intent: Intent): Move | undefined {
  if (intent !== 'run') return { do: 'turn back', cause: intent === 'undo' ? 'asked' : 'crash' };
  if (state.cancel_asked_by) return turnBackIfWanted(program, state, now, { cause: 'cancel' });
  if (state.deadline_passed) return turnBackIfWanted(program, state, now, { cause: 'timeout' });
  const tripped = state.triggers.find((trigger) => trigger.status === 'tripped');
  if (tripped) return turnBackIfWanted(program, state, now, { cause: 'trigger', trigger: tripped.id });
  const stuck = stuckBatch(state);
  if (stuck) return turnBackIfWanted(program, state, now, { cause: 'failure', ...stuck });
  const failed = failedStep(program.playbook.steps, state);
  if (!failed) return undefined;
  const giveUp = givingUp(program.playbook.steps, state, failed);
  if (giveUp) return giveUp;
  const cause = failed.error?.class === 'timeout' ? 'timeout' : 'failure';
  const error = failed.error ? { error: failed.error } : {};
  return turnBackIfWanted(program, state, now, { cause, step: failed.id, ...error });
}

type Back = { cause: RollbackCause; step?: string; trigger?: string; error?: RunError };

/** Where the playbook wants no undo for this cause, the run ends as it stands. */
function turnBackIfWanted(program: Program, state: RunState, now: number, back: Back): Move {
  const { rollback } = program.playbook;
  const wanted = rollback !== 'never' && rollback.on.includes(back.cause);
  return wanted ? { do: 'turn back', ...back } : finish(program, state, now);
}

function forward(program: Program, state: RunState, now: number): Move {
  const { steps } = program.playbook;
  const failed = failedStep(steps, state);
  // Before the pivot it was dealt with already.
  if (failed) return givingUp(steps, state, failed) ?? finish(program, state, now);
  for (const node of steps) {
    const move = nodeMove(program, state, node, { at: [], now });
    if (move) return move;
    if (state.pivot_passed === undefined) {
      const held = heldBack(program, state, node.id, now);
      if (held) return held.do === 'turn back' ? turnBackIfWanted(program, state, now, held) : held;
    }
    if (!node.pivot) continue;
    if (state.pivot_passed === undefined) return { do: 'pass pivot', step: node.id };
    const settle = nextToSettle(program, state, node.id);
    if (settle) return settle;
  }
  return settleTheRest(program, state) ?? finish(program, state, now);
}

/** Without a pivot the last step is one: once settling begins, nothing can be taken back. */
function settleTheRest(program: Program, state: RunState): Move | undefined {
  const last = program.playbook.steps.at(-1);
  const settle = last && nextToSettle(program, state, last.id);
  if (!settle || !last) return undefined;
  return state.pivot_passed === undefined ? { do: 'pass pivot', step: last.id } : settle;
}

function nextToSettle(program: Program, state: RunState, upTo: string): Move | undefined {
  const { steps } = program.playbook;
  const ids = steps.map((step) => step.id);
  const before = new Set(ids.slice(0, ids.indexOf(upTo) + 1));
  const receipt = state.receipts.find(
    (each) => each.status === 'open' && before.has(topOf(steps, parseInstance(each.step).id)),
  );
  return receipt && { do: 'settle', receipt };
}

function takingBack(program: Program, state: RunState, now: number): Move {
  const final = new Set(program.plan.steps.filter((step) => step.no_undo !== undefined).map((step) => step.id));
  const left = state.receipts.filter(
    ({ status, step }) => (status === 'open' || status === 'undoing') && !final.has(parseInstance(step).id),
  );
  const receipt = left.find(({ step }) => step === program.sources) ?? left.at(-1);
  if (receipt) return { do: 'undo', receipt };
  const toClear = leftOfProbed(program, state, final);
  if (toClear) return { do: 'settle', receipt: toClear };
  return verification(program, state, now) ?? finish(program, state, now);
}

/** What cannot be taken back stays, but not what was kept in order to tell, after a cut, whether it had happened. */
function leftOfProbed({ plan }: Program, state: RunState, final: ReadonlySet<string>): ReceiptState | undefined {
  const probed = new Set(plan.steps.filter((step) => step.effect === 'probed').map((step) => step.id));
  return state.receipts.find(({ status, step }) => {
    const { id } = parseInstance(step);
    return status === 'open' && final.has(id) && probed.has(id);
  });
}

/** Skipped where nothing ran before: there is nothing that could be as good as it was. */
function verification(program: Program, state: RunState, now: number): Move | undefined {
  if (!state.captured) return undefined;
  const { rollback, steps } = program.playbook;
  const ids = state.captured.ran_before && rollback !== 'never' ? rollback.verify : [];
  for (const step of plainSteps(steps).filter((each) => ids.includes(each.id))) {
    const known = stepState(state, 'verify', step.id);
    if (!known || known.status === 'running' || known.status === 'retrying')
      return attemptOf(program, state, { phase: 'verify', step, at: [], now });
  }
  return state.compared ? undefined : { do: 'compare' };
}

function finish(program: Program, state: RunState, now: number): Move {
  for (const step of plainSteps(program.playbook.always)) {
    const known = stepState(state, 'always', step.id);
    if (!known || known.status === 'running' || known.status === 'retrying')
      return attemptOf(program, state, { phase: 'always', step, at: [], now });
  }
  return { do: 'end', ...outcome(program, state) };
}
