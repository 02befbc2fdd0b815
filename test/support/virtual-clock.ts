import type { Clock } from '../../src/runner/contract.ts';

type Timer = { at: number; wake: () => void };

/** Time that jumps to the next timer as soon as nothing else is left to do. For work that waits for nothing but this clock. */
export function virtualClock(start = 1_700_000_000_000): Clock {
  let now = start;
  let jumping = false;
  const timers = new Set<Timer>();

  function jump(): void {
    jumping = false;
    const next = [...timers].reduce<Timer | undefined>(
      (least, timer) => (least && least.at <= timer.at ? least : timer),
      undefined,
    );
    if (!next) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    if (timers.size > 0) plan();
  }

  function plan(): void {
    if (!jumping) setImmediate(jump);
    jumping = true;
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer: Timer = { at: now + ms, wake: resolve };
        timers.add(timer);
        signal?.addEventListener(
          'abort',
          () => {
            timers.delete(timer);
            reject(signal.reason);
          },
          { once: true },
        );
        plan();
      });
    },
  };
}
