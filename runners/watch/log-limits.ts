export type LogLimits = { more_than: number; times?: number };

/** What the parameters come to. Pure. */
export function limitsOf({ more_than, over_baseline }: { more_than?: number; over_baseline?: string }): LogLimits {
  if (over_baseline === undefined) return { more_than: more_than ?? 10 };
  return { more_than: more_than ?? 0, times: Number(over_baseline.slice(0, -1)) };
}
