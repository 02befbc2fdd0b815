import { formatDuration } from '../playbook/duration.ts';
import { list } from '../report/amounts.ts';
import type { Change } from '../runner/contract.ts';
import type { ShownChange } from './shown-changes.ts';

/** What is said below a change: how it goes on, how long it is down, what is kept, whether there is no way back. */
export function sayDetails(change: ShownChange): string[] {
  const lines = [
    ...change.strategy,
    sayBatches(change),
    change.edge.length === 0 ? undefined : `at the edge: ${change.edge.join(' · ')}`,
    change.how,
    sayDowntime(change, change.strategy),
    change.kept.length === 0 ? undefined : `kept for the way back: ${list(change.kept)}`,
    change.irreversible === undefined ? undefined : `no way back: ${change.irreversible}`,
  ];
  return lines.flatMap((line) => line ?? []);
}

/** `3 replicas in batches of 1, 1 and 1, 5 s between`. */
function sayBatches({ batches, verb }: ShownChange): string | undefined {
  if (batches === undefined || verb === 'route') return undefined;
  const { count, sizes, delay } = batches;
  const pause = delay > 0 ? `, ${formatDuration(delay)} between` : '';
  if (sizes.length === 0) return `in ${count} batches${pause}`;
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return `${all} replicas in batches of ${list(sizes.map(String))}${pause}`;
}

/** How long it does not serve, and why, where the strategy has not said that; nothing where it serves on. */
function sayDowntime(
  { downtime, verb }: Pick<Change, 'downtime' | 'verb'>,
  said: readonly string[],
): string | undefined {
  if (downtime === undefined) return undefined;
  const { kind, because, ms } = downtime;
  const reason = said.some((line) => line.endsWith(because)) ? '' : `: ${because}`;
  if (kind === 'none') return verb === 'create' ? undefined : `not down${reason}`;
  if (ms === undefined) return `down for a moment, not measured yet${reason}`;
  return `down for about ${formatDuration(ms)}${reason}`;
}
