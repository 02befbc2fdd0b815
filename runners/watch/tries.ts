import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { createBell } from './bell.ts';
import { judgeTry, type Outage, type Try } from './outage-decide.ts';
import { inRounds } from './rounds.ts';

/** How something outside is tried: how often, and when it has failed for too long. */
export type Trying = { every: number; failing_for: number; attempt(look: Look): Promise<Try> };

/** Tries at once and then every so often, and at the very moment that makes an outage long enough. */
export function runTries({ every, failing_for, attempt }: Trying, watching: Watching): AsyncIterable<Sample> {
  let outage: Outage = {};
  const bell = createBell(watching.look.clock, watching.signal);
  return inRounds({
    watching,
    bell,
    async turn(look) {
      const judged = judgeTry(await attempt(look), outage, failing_for);
      outage = judged.outage;
      return { sample: judged.sample, next: Math.min(every, judged.due ?? every) };
    },
  });
}

/** One try before the run: what did not answer then is nothing that the run broke. */
export async function triedBefore(one: Promise<Try>): Promise<Baseline> {
  const { fault } = await one;
  return fault === undefined ? { bad: false, say: 'it answered' } : { bad: true, say: fault };
}
