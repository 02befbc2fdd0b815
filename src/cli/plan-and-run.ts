import type { RunState } from '../engine/run-state.ts';
import { requireRoom } from '../history/room.ts';
import { newRunId } from '../history/run-id.ts';
import { changedFacts } from '../plan/fingerprint.ts';
import { printPlan } from '../plan/print.ts';
import type { Plan } from '../plan/types.ts';
import { consent } from './ask.ts';
import { awaitTurn } from './await-turn.ts';
import type { Invocation } from './command.ts';
import { conduct } from './conduct.ts';
import { exitCodeOfRun } from './exit-codes.ts';
import { findStateFolder, hmacBeforeTheKey, type OpenHistory, openHistory } from './history-access.ts';
import { type Ahead, lookAhead } from './look-ahead.ts';
import { type Found, type Prepared, prepare, resolvePlaybook } from './prepare.ts';
import { createResources } from './resources.ts';
import { requireSamePlan, type SavedPlan } from './saved-plan.ts';
import { beginRun } from './session.ts';

/** Plans, asks, plans again, runs, and puts everything back when it turns bad. */
export async function planAndRun(invocation: Invocation, saved: SavedPlan | undefined, ahead: Ahead): Promise<number> {
  const found = await resolvePlaybook(invocation, ahead);
  requireRoom(findStateFolder(invocation));
  const history = openHistory(invocation);
  try {
    const turn = await awaitTurn(found, invocation, history);
    const prepared = await agreedOn(turn, saved, { invocation, history });
    try {
      const { status } = await carryOut(invocation, history, prepared);
      return exitCodeOfRun(status);
    } finally {
      prepared.resources.close();
    }
  } finally {
    history.close();
  }
}

/** What was planned, shown and said yes to; after the question everything is looked at anew, from the playbook's file on. */
async function agreedOn(found: Found, saved: Plan | undefined, asked: Asked): Promise<Prepared> {
  const first = await prepare(found.resolved, found.resources, asked);
  try {
    return await agreed(first, saved, asked);
  } catch (error) {
    first.resources.close();
    throw error;
  }
}

async function agreed(first: Prepared, saved: Plan | undefined, { invocation, history }: Asked): Promise<Prepared> {
  const { flags, io } = invocation;
  if (saved !== undefined) await requireSaved(saved, first, { invocation, history });
  if (!flags.quiet && !flags.json) io.out(`${printPlan(first.plan, io.style)}\n`);
  const { verdict, stack } = first.plan;
  if (flags.yes || verdict === 'no-go' || verdict === 'nothing-to-do') return first;
  await consent(`Run this on ${stack.project}?`, invocation);
  first.resources.close();
  const anew = await resolvePlaybook(invocation, await lookAhead(invocation));
  const second = await prepare(anew.resolved, anew.resources, { invocation, history });
  requireSamePlan(first.plan, second.plan);
  return second;
}

type Asked = { invocation: Invocation; history: OpenHistory };

/** A plan from before the first run was made with another key: its fingerprints are compared with such ones. */
async function requireSaved(saved: Plan, now: Prepared, { invocation, history }: Asked): Promise<void> {
  if (saved.plan_id === now.plan.plan_id) return;
  const memory = { ...history.memory, hmac: hmacBeforeTheKey };
  const early = await prepare(now, createResources(), { invocation, history: { ...history, memory } });
  early.resources.close();
  if (saved.plan_id !== early.plan.plan_id) requireSamePlan(saved, nearer(saved, [now.plan, early.plan]));
}

/** The one that shares more with the saved plan says what really changed. */
function nearer(saved: Plan, plans: readonly [Plan, Plan]): Plan {
  const [now, early] = plans;
  const differing = (plan: Plan) => changedFacts(saved.bound, plan.bound).length;
  return differing(early) < differing(now) ? early : now;
}

async function carryOut(invocation: Invocation, history: OpenHistory, prepared: Prepared): Promise<RunState> {
  const { playbook, target, inputs, tainted, plan: planned, frozen, secrets, resources } = prepared;
  const run = newRunId((id) => history.store.findRun(id) !== undefined);
  const overrides = [...invocation.flags.override];
  const program = { run, playbook, target, inputs, tainted, plan: planned, overrides, started_by: 'playbook run' };
  return conduct({ invocation, history, program, secrets, resources }, (session) => beginRun(session, frozen));
}
