import { parseInstance } from '../playbook/instance.ts';
import type { Verb } from '../runner/contract.ts';
import type { Plan, PlannedChange } from './types.ts';

/** These leave the stack as it is. A release is only recorded of a run that changed something, so it counts for nothing itself. */
const harmless: ReadonlySet<Verb> = new Set(['keep', 'wait', 'record', 'checkout']);

/** What would change something: not what stays, is waited for or recorded, nor what steps without effect do. */
export function realChanges(plan: Pick<Plan, 'steps' | 'changes'>): PlannedChange[] {
  const pure = new Set(plan.steps.filter((step) => step.effect === 'pure').map((step) => step.id));
  return plan.changes.filter((change) => !harmless.has(change.verb) && !pure.has(parseInstance(change.step).id));
}
