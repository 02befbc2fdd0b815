import type { Json, Sample } from '../../src/runner/contract.ts';
import { counted, sayDuration } from '../stack/words.ts';
import type { LogLimits } from './log-limits.ts';
import { most } from './sliding-window.ts';

/** What was measured before the run: matching lines of the old version per window. */
export type LogRate = { per_window: number };

export function rateOf(baseline: Json | undefined): LogRate | undefined {
  const values = baseline as LogRate | undefined;
  return typeof values?.per_window === 'number' ? values : undefined;
}

/** Above this many lines it is bad; undefined where there is nothing to compare with. Pure. */
export function limitOf(limits: LogLimits, rate: LogRate | undefined): number | undefined {
  if (limits.times === undefined) return limits.more_than;
  if (rate === undefined) return limits.more_than > 0 ? limits.more_than : undefined;
  return Math.min(Math.max(limits.more_than, limits.times * rate.per_window), most - 1);
}

type Counted = { at: number; count: number; within: number; limits: LogLimits; rate?: LogRate; unread: string[] };

/** One sample from the count of the window. `unread`: containers whose log cannot be read. Pure. */
export function judgeLogs({ at, count, within, limits, rate, unread }: Counted): Sample {
  const limit = limitOf(limits, rate);
  const lines = `${counted(count, 'matching line')} in ${sayDuration(within)}`;
  const before = limits.times === undefined ? '' : `, ${sayRate(rate)}`;
  const missing = unread.length === 0 ? '' : `; the log of ${unread.join(', ')} cannot be read`;
  return {
    at,
    bad: limit !== undefined && count > limit,
    say: `${count >= most ? `${lines} or more` : lines}${before}${missing}`,
    values: { count, baseline: rate?.per_window ?? 0 },
  };
}

function sayRate(rate: LogRate | undefined): string {
  if (rate === undefined) return 'and no old version to compare with';
  return `before it was ${Math.round(rate.per_window * 10) / 10}`;
}
