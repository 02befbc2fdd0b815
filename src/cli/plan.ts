import type { Invocation } from './command.ts';
import { lookAhead } from './look-ahead.ts';

/** `playbook plan`: what a run would do. The language is loaded while the engine is being asked. */
export async function plan(invocation: Invocation): Promise<number> {
  const ahead = await lookAhead(invocation);
  const { makePlan } = await import('./make-plan.ts');
  return makePlan(invocation, ahead);
}
