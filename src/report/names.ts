import type { Plan } from '../plan/types.ts';
import { nameColumns } from './print-row.ts';

/** How many columns the names of a run's rows need, before it has begun: of its steps, and of batches as the plan has them. */
export function namesInRun(plan: Plan | undefined, more: readonly string[] = []): number {
  const loops = new Set(plan?.steps.filter((step) => step.uses === 'for_each').map((step) => step.id));
  const alone = plan?.steps.filter((step) => step.inside === undefined || !loops.has(step.inside)) ?? [];
  const batches = plan?.changes.flatMap(({ in_batch, target }) =>
    in_batch === undefined || target.includes(' ')
      ? []
      : [in_batch.of > 1 ? `${target} ${in_batch.of} of ${in_batch.of}` : target],
  );
  return nameColumns([
    ...more,
    ...alone.map(({ id, inside }) => (inside === undefined ? id : `${inside} · ${id}`)),
    ...(batches ?? []),
    ...(plan?.triggers.map(({ id }) => id) ?? []),
  ]);
}
