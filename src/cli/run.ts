import type { RunState } from '../engine/run-state.ts';
import { newRunId } from '../history/run-id.ts';
import { printPlan } from '../plan/print.ts';
import { consent, requireConsent } from './ask.ts';
import type { Invocation } from './command.ts';
import { exitCodeOfRun } from './exit-codes.ts';
import { openHistory, type OpenHistory } from './history-access.ts';
import { plan } from './plan.ts';
import { prepare, type Prepared } from './prepare.ts';
import { requireSamePlan, requireSavedPlan } from './saved-plan.ts';
import { beginRun } from './session.ts';
import { conduct } from './conduct.ts';

/** `playbook run`: plan, ask, plan again, run, and put everything back when it turns bad. */
export async function run(invocation: Invocation): Promise<number> {
  if (invocation.flags.dryRun) return plan(invocation);
  requireConsent(invocation);
  const history = openHistory(invocation);
  try {
    const prepared = await agreedOn(invocation, history);
    const state = await carryOut(invocation, history, prepared);
    return exitCodeOfRun(state.status);
  } finally {
    history.close();
  }
}

/** What was planned, shown and said yes to; after the question everything is looked at anew. */
async function agreedOn(invocation: Invocation, history: OpenHistory): Promise<Prepared> {
  const { flags, io } = invocation;
  const first = await prepare(invocation, history.memory);
  if (flags.plan !== undefined) await requireSavedPlan(invocation, first);
  if (!flags.quiet && !flags.json) io.out(`${printPlan(first.plan, io.style)}\n`);
  const { verdict } = first.plan;
  if (flags.yes || verdict === 'no-go' || verdict === 'nothing-to-do') return first;
  await consent(`Run this on ${first.plan.stack.project}?`, invocation);
  const second = await prepare(invocation, history.memory);
  requireSamePlan(first.plan, second.plan);
  return second;
}

async function carryOut(invocation: Invocation, history: OpenHistory, prepared: Prepared): Promise<RunState> {
  const { playbook, target, inputs, tainted, plan: agreed, frozen, secrets } = prepared;
  const run = newRunId((id) => history.store.findRun(id) !== undefined);
  const overrides = [...invocation.flags.override];
  const program = { run, playbook, target, inputs, tainted, plan: agreed, overrides, started_by: 'playbook run' };
  return conduct({ invocation, history, program, secrets }, (session) => beginRun(session, frozen));
}
