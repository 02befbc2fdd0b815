import { Refusal } from '../../src/errors.ts';
import type { Clock, Look, Sample, Watching } from '../../src/runner/contract.ts';
import type { Bell } from './bell.ts';

/** What one round gives, and how many milliseconds after `sample.at` the next one is due at the latest. */
export type Turn = { sample: Sample; next: number };

export type Rounds = {
  watching: Watching;
  bell: Bell;
  /** One measurement; where it rejects nothing was measured. */
  turn(look: Look): Promise<Turn>;
  /** How long a turn may take, in milliseconds; left out: it has limits of its own. */
  patience?: number;
  /** Called after a turn that measured nothing: what is remembered of the time before counts no more. */
  lost?(): void;
};

/** So long after the first failure, then twice as long each time, up to the last. */
const backoff = { first: 500, last: 5_000 };

/** Measures again and again until the signal is aborted. A turn that fails is a sample without `bad`, and is tried again. */
export async function* inRounds({ watching, bell, turn, patience, lost }: Rounds): AsyncIterable<Sample> {
  const { signal } = watching;
  const { clock } = watching.look;
  const look = heeding(watching.look, signal);
  for (let failed = 0; !signal.aborted; ) {
    const { sample, next } = await (patience === undefined ? turn(look) : inTime(look, patience, turn)).then(
      (good) => {
        failed = 0;
        return good;
      },
      (thrown: unknown) => {
        failed += 1;
        lost?.();
        return nothingMeasured(thrown, clock, failed);
      },
    );
    if (signal.aborted) return;
    yield sample;
    await bell.next(Math.max(1, sample.at + next - clock.now()));
  }
}

/** The same look, ended by another signal. */
export function heeding(look: Look, signal: AbortSignal): Look {
  return Object.create(look, { signal: { value: signal, enumerable: true } }) as Look;
}

/** An engine that hangs must not hold the samples back. */
async function inTime<T>(look: Look, ms: number, work: (look: Look) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  const tooSlow = new Refusal('unavailable', `The Docker Engine gave no answer within ${ms / 1000} s.`);
  void look.clock.sleep(ms, done.signal).then(
    () => over.abort(tooSlow),
    () => undefined, // it was in time
  );
  try {
    return await work(heeding(look, AbortSignal.any([look.signal, over.signal])));
  } finally {
    done.abort();
  }
}

function nothingMeasured(thrown: unknown, clock: Clock, failed: number): Turn {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const next = Math.min(backoff.last, backoff.first * 2 ** (failed - 1));
  return { sample: { at: clock.now(), say: `nothing could be measured: ${why}` }, next };
}
