import { requireConsent } from './ask.ts';
import type { Invocation } from './command.ts';
import { lookAhead } from './look-ahead.ts';
import { plan } from './plan.ts';
import { asPlanned, readSavedPlan } from './saved-plan.ts';

/** `playbook run`. The language and the engine are loaded while the stack is being asked. */
export async function run(given: Invocation): Promise<number> {
  if (given.flags.dryRun) return plan(given);
  requireConsent(given);
  const saved = typeof given.flags.plan === 'string' ? await readSavedPlan(given.flags.plan, given.io.cwd) : undefined;
  const invocation = saved === undefined ? given : asPlanned(given, saved);
  const ahead = await lookAhead(invocation);
  const { planAndRun } = await import('./plan-and-run.ts');
  return planAndRun(invocation, saved, ahead);
}
