import type { Clock } from '../../src/runner/contract.ts';

/** Sleeps until somebody has news, or for the time that is given. */
export type Bell = {
  ring(): void;
  /** Never rejects; it ends at once when the signal is aborted. News that came while nobody slept end the next sleep at once. */
  next(ms: number): Promise<void>;
};

export function createBell(clock: Clock, signal: AbortSignal): Bell {
  let rung = false;
  let sleeping = new AbortController();
  return {
    ring() {
      rung = true;
      sleeping.abort();
    },
    async next(ms) {
      if (!rung && !signal.aborted) {
        sleeping = new AbortController();
        await clock.sleep(ms, AbortSignal.any([signal, sleeping.signal])).catch(() => undefined); // rung, or over
      }
      rung = false;
    },
  };
}
