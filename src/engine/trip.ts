/** What became of one sample: good, bad, or nothing was measured. */
export type Verdict = 'good' | 'bad' | 'no-data';

/** Counts samples; pure but for what it remembers of the last ones. */
export type Counter = {
  /** Takes one more verdict in; true when it trips. */
  add(verdict: Verdict): boolean;
  /** Begins anew: what was bad so far counts no more. */
  forget(): void;
  readonly totals: { samples: number; bad: number; no_data: number };
};

/** Trips when `bad` of the last `of` samples that measured something were bad: an error of measuring is no bad value. */
export function createCounter({ bad, of }: { bad: number; of: number }): Counter {
  let last: boolean[] = [];
  const totals = { samples: 0, bad: 0, no_data: 0 };
  return {
    totals,
    add(verdict) {
      totals.samples += 1;
      if (verdict === 'bad') totals.bad += 1;
      if (verdict === 'no-data') totals.no_data += 1;
      if (verdict !== 'no-data') last = [...last, verdict === 'bad'].slice(-of);
      return last.filter(Boolean).length >= bad;
    },
    forget() {
      last = [];
    },
  };
}
