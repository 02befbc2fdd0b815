/** Counts what happened within the last `span` milliseconds. */
export type SlidingWindow = {
  add(at: number): void;
  /** How many there are now; never more than `most`. */
  count(now: number): number;
};

/** More are not kept: a flood must not fill the memory. */
export const most = 100_000;

export function slidingWindow(span: number): SlidingWindow {
  let times: number[] = [];
  let first = 0;
  return {
    add(at) {
      times.push(at);
      if (times.length - first > most) first += 1;
      if (first > most) {
        times = times.slice(first);
        first = 0;
      }
    },
    count(now) {
      while (first < times.length && (times[first] ?? now) <= now - span) first += 1;
      return times.length - first;
    },
  };
}
