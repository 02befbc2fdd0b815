import { runAttempt } from './attempt.ts';
import { enter, leave, together } from './blocks.ts';
import { completePreparation } from './context.ts';
import { deadlineAt, decide, type Intent } from './decide.ts';
import type { Actor, Decision } from './events.ts';
import { goLive, type Live } from './live.ts';
import type { Move } from './moves.ts';
import { untilReachable } from './out-of-reach.ts';
import { objections } from './outcome.ts';
import { pauseUntil } from './pause.ts';
import type { Ports } from './ports.ts';
import { probe } from './probe.ts';
import type { Program } from './program.ts';
import { runError } from './run-error.ts';
import type { RunState } from './run-state.ts';
import { settleReceipt, undoReceipt } from './take-back.ts';

/** Where a run is taken up: at its beginning, or at the state that its journal folds to, with what a person decided of a parked step. */
export type Start = { state?: RunState; intent: Intent; decided?: { step: string; as: Decision } };

/**
 * Carries a run to its end: decide, act, until nothing is left to do. The state it gives back has no end
 * (`ended_at`) when the run was abandoned or the engine went away during an undo: it can be taken up again.
 * Rejects when the journal does: then nothing was done after the last stored event.
 */
export async function executeRun(program: Program, ports: Ports, start: Start): Promise<RunState> {
  const live = await goLive(program, ports, start.state);
  if (start.state) {
    const because = start.intent === 'undo' ? 'undo' : 'resume';
    await live.emit({ type: 'run.continued', process: ports.process, because, by: ports.actor });
    if (start.decided) await live.emit({ type: 'step.decided', ...start.decided, by: ports.actor });
    if (start.intent !== 'run') await completePreparation(live);
  }
  live.watch.follow();
  try {
    while (!ports.control.abandon.aborted) {
      await noteWishes(live);
      const move = decide(program, live.state, ports.clock.now(), start.intent);
      if (!move || !(await act(live, move))) break;
    }
  } finally {
    await live.watch.close();
  }
  return live.state;
}

/** A cancel or a deadline counts from the moment it is in the journal. */
async function noteWishes(live: Live): Promise<void> {
  const { control, clock } = live.ports;
  // Who asks when it is over asks nothing of it any more.
  if (live.state.ended_at !== undefined || live.state.parked) return;
  if (control.cancel.aborted && !live.state.cancel_asked_by && !live.state.undo)
    await live.emit({ type: 'cancel.asked', by: control.cancel.reason as Actor });
  const deadline = deadlineAt(live.program, live.state);
  if (deadline !== undefined && clock.now() >= deadline && !live.state.deadline_passed)
    await live.emit({ type: 'deadline.passed' });
}

/** Makes the move; false: the run must stop here and can be taken up later. */
async function act(live: Live, move: Move): Promise<boolean> {
  switch (move.do) {
    case 'begin':
      await begin(live);
      return true;
    case 'attempt':
      await runAttempt(live, move);
      return true;
    case 'enter':
      await enter(live, move);
      return true;
    case 'together':
      await together(live, move);
      return true;
    case 'leave':
      await leave(live, move);
      return true;
    case 'give up': {
      const { loop: step, batch, error } = move;
      await live.emit({ type: 'batch.given_up', step, batch, error });
      return true;
    }
    case 'wait':
      await pauseUntil(live, move.until);
      return true;
    case 'probe':
      await probe(live, move);
      return true;
    case 'park':
      await live.watch.close();
      await live.emit({ type: 'run.parked', step: move.step, say: move.say });
      return true;
    case 'pass pivot':
      // A trigger may have tripped since this was decided: then it is to turn back.
      await live.emitIf({ type: 'pivot.passed', step: move.step }, (state) => isBound(live, state));
      return true;
    case 'turn back': {
      const { do: _, ...why } = move;
      await live.emit({ type: 'undo.started', ...why });
      return true;
    }
    case 'undo':
      return undoReceipt(live, move.receipt);
    case 'settle':
      return settleReceipt(live, move.receipt);
    case 'compare':
      return compare(live);
    case 'end':
      // What still watches must not have the last word.
      await live.watch.close();
      await live.emit({ type: 'run.ended', status: move.status, say: move.say });
      return true;
  }
}

/** Whether the next move is to pass the pivot, as things stand now. */
function isBound({ program, ports }: Live, state: RunState): boolean {
  return decide(program, state, ports.clock.now(), 'run')?.do === 'pass pivot';
}

/** The guards were judged when the plan was made, a moment ago; here their verdicts become part of the record. */
async function begin(live: Live): Promise<void> {
  const known = new Set(live.state.guards.map((guard) => guard.id));
  for (const guard of live.program.plan.guards.filter((each) => !known.has(each.id)))
    await live.emit({ type: 'guard.judged', guard });
  if (objections(live.state).length === 0) await live.emit({ type: 'run.started' });
}

/** How long the way back took is the next plan's forecast of it. False: the engine is away. */
async function compare(live: Live): Promise<boolean> {
  const { undo } = live.state;
  const step = undo?.step ?? '';
  if (undo) await live.emit({ type: 'step.measured', step, what: 'undo', ms: live.ports.clock.now() - undo.at });
  const compared = await comparison(live, step);
  if (compared === 'away') return false;
  await live.emit({ type: 'stack.compared', ...compared });
  return true;
}

/** What cannot be compared is not called equal. */
async function comparison(live: Live, step: string): Promise<'away' | { differences: string[]; say: string }> {
  const { world, control } = live.ports;
  try {
    const ended = await untilReachable(live, step, () => world.compare(world.scrubbedLook(control.abandon)));
    return ended === 'away' ? ended : ended.done;
  } catch (thrown) {
    const say = `the stack could not be compared with what it was: ${runError(thrown, world.mask).message}`;
    return { differences: [say], say };
  }
}
