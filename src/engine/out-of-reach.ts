import type { Live } from './live.ts';
import { isOutOfReach } from './run-error.ts';

/** Waits between tries while the engine is away: it may be restarting. */
const AWAY = [1_000, 2_000, 5_000, 10_000, 20_000];

/**
 * Does what a way back needs, and tries again while the engine is away. `away`: it has not come back, or the process shall
 * stop; the run can be taken up again. Rejects with every other failure.
 */
export async function untilReachable<T>(
  live: Live,
  step: string,
  work: () => Promise<T>,
): Promise<'away' | { done: T }> {
  for (const pause of [...AWAY, undefined]) {
    try {
      return { done: await work() };
    } catch (thrown) {
      if (live.ports.control.abandon.aborted) return 'away';
      if (!isOutOfReach(thrown)) throw thrown;
      if (pause === undefined || !(await pauseFor(live, pause))) return 'away';
      live.glimpse({ type: 'progress', step, say: 'the engine is away; it is asked again' });
    }
  }
  return 'away';
}

async function pauseFor({ ports: { clock, control } }: Live, ms: number): Promise<boolean> {
  return clock.sleep(ms, control.abandon).then(
    () => true,
    () => false, // abandoned meanwhile
  );
}
