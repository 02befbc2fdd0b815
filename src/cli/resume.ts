import type { WayOn } from '../engine/crash-policy.ts';
import type { Start } from '../engine/engine.ts';
import type { RunState } from '../engine/run-state.ts';
import { Refusal } from '../errors.ts';
import { choose } from './ask.ts';
import type { Invocation } from './command.ts';
import { exitCodeOfRun } from './exit-codes.ts';
import { type FoundRun, withRun } from './find-run.ts';
import { resumePlan } from './resume-plan.ts';
import { type Wishes, wayOf, wishes } from './resume-way.ts';
import { takeUpRun } from './session.ts';
import { takeUp } from './take-up.ts';

/** `playbook resume RUN`: goes on with a run whose process died or that waits for a decision, or takes it back, as its playbook says. */
export async function resume(invocation: Invocation): Promise<number> {
  const wanted = wishes(invocation.flags);
  const { run } = withRun(invocation, (found) => requireResumable(found, wanted));
  if (invocation.flags.plan) return resumePlan(invocation, run, wanted);
  const { status } = await takeUp(invocation, run, async (session, read) => {
    const { intent } = await settled(wayOf(session.program, read(), wanted), invocation, run);
    return takeUpRun(session, () => startOf(read(), intent, wanted));
  });
  return exitCodeOfRun(status);
}

function startOf(state: RunState, intent: 'run' | 'crash', { as }: Wishes): Start {
  const step = state.parked?.step;
  return { state, intent, ...(as !== undefined && step !== undefined && { decided: { step, as } }) };
}

function requireResumable({ row, state }: FoundRun, { as }: Wishes): RunState {
  const { run, status, process } = row;
  if (row.ended_at !== undefined)
    throw new Refusal('usage', `Run ${run} has ended: ${status}. There is nothing to take up again.`);
  if (status === 'running' || status === 'waiting')
    throw new Refusal('locked', `Run ${run} is being carried out by process ${process.pid} on ${process.host}.`, {
      hint: `\`playbook show ${run}\` shows how far it is, \`playbook cancel ${run}\` stops it.`,
    });
  if (as !== undefined && state.parked === undefined)
    throw new Refusal('usage', `Run ${run} waits for no decision: --as has nothing to decide.`, {
      hint: `\`playbook resume ${run} --plan\` says what going on would do.`,
    });
  return state;
}

/** A playbook that wants to be asked is asked about on a terminal; elsewhere somebody has to say it beforehand. */
async function settled(way: WayOn, invocation: Invocation, run: string): Promise<{ intent: 'run' | 'crash' }> {
  if (!('ask' in way)) return way;
  const answer = await choose(
    'Its playbook asks (on_crash): go on, or take it back?',
    ['go on', 'take back'],
    invocation,
  );
  if (answer !== undefined) return { intent: answer === 'go on' ? 'run' : 'crash' };
  throw new Refusal(
    'needs-decision',
    `Run ${run} was interrupted, and its playbook wants a person to be asked (on_crash: ask).`,
    {
      hint: `\`playbook resume ${run} --on-crash resume\` goes on, \`--on-crash undo\` takes it back.`,
    },
  );
}
