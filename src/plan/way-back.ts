import { topOf } from '../playbook/instance.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Look } from '../runner/contract.ts';
import { realChanges } from './changes.ts';
import { type Draft, stepOf } from './draft.ts';
import { median } from './forecast.ts';
import type { Plan, PlannedChange, PlannedStep } from './types.ts';

/** Until which step everything can be taken back, what cannot, and how long it took last. */
export async function wayBackOf(playbook: Playbook, draft: Draft, look: Look): Promise<Plan['way_back']> {
  if (playbook.rollback === 'never') return { until: '', impossible: ['this playbook takes nothing back'] };
  const until = pivotOf(draft.steps);
  const changes = realChanges(draft).length === 0 ? [] : beforePivot(playbook, draft, until);
  const ms = changes.length === 0 ? undefined : median(await look.measured('undo'));
  const impossible = changes.flatMap((change) => reasonAgainst(change, draft.steps));
  return { until, ...(ms === undefined ? {} : { ms }), impossible: [...new Set(impossible)] };
}

/** Without a pivot the last step is one. */
function pivotOf(steps: readonly PlannedStep[]): string {
  const running = steps.filter((step) => step.skipped === undefined && step.inside === undefined);
  return (running.find((step) => step.pivot) ?? running.at(-1))?.id ?? '';
}

function beforePivot({ steps }: Playbook, draft: Draft, until: string): PlannedChange[] {
  const ids = steps.map((step) => step.id);
  const before = new Set(ids.slice(0, ids.indexOf(until) + 1));
  return realChanges(draft).filter((change) => before.has(topOf(steps, stepOf(change))));
}

function reasonAgainst(change: PlannedChange, steps: readonly PlannedStep[]): string[] {
  if (change.irreversible !== undefined) return [`${change.target}: ${change.irreversible}`];
  const reason = steps.find((step) => step.id === stepOf(change))?.no_undo;
  return reason === undefined ? [] : [`${stepOf(change)}: ${reason}`];
}
