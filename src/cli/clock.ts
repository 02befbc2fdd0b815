import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../runner/contract.ts';

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Node rejects with an AbortError of its own; who aborted is what callers ask for.
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
