import type { AnyTrigger, Baseline, Look, Sample } from '../../src/runner/contract.ts';
import { until } from './until.ts';

/** A trigger that watches: its samples so far, and how to wait for one. */
export type Watched = {
  samples: Sample[];
  /** The first sample, from now on or before, that fits. */
  sample(what: string, fits: (sample: Sample) => boolean): Promise<Sample>;
  /** The first one that fits and comes after this call. */
  next(what: string, fits?: (sample: Sample) => boolean): Promise<Sample>;
  /** Aborts the signal; gives the milliseconds until the trigger had ended. Rejects where it threw. */
  end(): Promise<number>;
};

type Options = { baseline?: Baseline; since?: number };

/** Watches with a signal of its own while the body runs. */
export async function withTrigger(
  trigger: AnyTrigger,
  params: Record<string, unknown>,
  look: Look,
  body: (watched: Watched) => Promise<void>,
  options: Options = {},
): Promise<void> {
  const over = new AbortController();
  const samples: Sample[] = [];
  const { baseline, since = look.clock.now() } = options;
  const done = (async () => {
    const watching = { look, signal: over.signal, since, ...(baseline && { baseline }) };
    for await (const sample of trigger.watch(params as never, watching)) samples.push(sample);
    if (!over.signal.aborted) throw new Error('the trigger ended by itself');
  })();
  const find = (what: string, fits: (sample: Sample) => boolean, from: number) =>
    Promise.race([
      until(what, () => samples.slice(from).find(fits)).catch((error: unknown) => {
        throw new Error(`${String(error)}; the last samples: ${JSON.stringify(samples.slice(-3))}`);
      }),
      done.then(() => Promise.reject(new Error('it was ended'))),
    ]);
  const watched: Watched = {
    samples,
    sample: (what, fits) => find(what, fits, 0),
    next: (what, fits = () => true) => find(what, fits, samples.length),
    async end() {
      const started = performance.now();
      over.abort(new Error('the watch is over'));
      await done;
      return performance.now() - started;
    },
  };
  try {
    await body(watched);
  } finally {
    await watched.end();
  }
}
