import type { Plan, PlannedChange } from './types.ts';

/** How long a run of this playbook on this stack takes: from earlier runs, and from what it waits for in any case. */
export function forecastDuration(earlier: readonly number[], changes: readonly PlannedChange[]): Plan['duration'] {
  const soak = changes.reduce((sum, change) => sum + (change.takes ?? 0), 0);
  const watching = soak > 0 ? { soak_ms: soak } : {};
  const typical = median(earlier);
  if (typical === undefined) return { runs: 0, ...watching };
  return {
    typical_ms: typical,
    shortest_ms: Math.min(...earlier),
    longest_ms: Math.max(...earlier),
    runs: earlier.length,
    ...watching,
  };
}

export type Downtime = { targets: string[]; ms: number; unmeasured: number };

/** How long something will not serve, in sum: `ms` of what was measured, and the count of gaps nobody has measured yet. */
export function forecastDowntime(changes: readonly Pick<PlannedChange, 'target' | 'downtime'>[]): Downtime {
  const gaps = changes.filter((change) => change.downtime !== undefined && change.downtime.kind !== 'none');
  return {
    targets: gaps.map((change) => change.target),
    ms: gaps.reduce((sum, change) => sum + (change.downtime?.ms ?? 0), 0),
    unmeasured: gaps.filter((change) => change.downtime?.ms === undefined).length,
  };
}

/** The middle one, which a single slow run does not move. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
