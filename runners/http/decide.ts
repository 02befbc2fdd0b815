import { excerpt } from './answer.ts';

/** One request: an answer that was looked at, or none at all. `fault`: why it does not count as good. */
export type HttpSample = { fault?: string; status?: number; latency_ms?: number; body?: string };

export type HttpResult = {
  ok: number;
  failed: number;
  samples: number;
  /** Of the last answer; 0 where there was none. */
  status: number;
  latency_ms: { median: number; max: number };
  body_excerpt: string;
  say: string;
};

/** Sums up the samples. Pure. */
export function sumUp(samples: readonly HttpSample[]): HttpResult {
  const failed = samples.filter((sample) => sample.fault !== undefined).length;
  const last = samples.findLast((sample) => sample.status !== undefined);
  const ok = samples.length - failed;
  const latencies = samples.flatMap((sample) => sample.latency_ms ?? []).toSorted((a, b) => a - b);
  return {
    ok,
    failed,
    samples: samples.length,
    status: last?.status ?? 0,
    latency_ms: { median: latencies[Math.floor((latencies.length - 1) / 2)] ?? 0, max: latencies.at(-1) ?? 0 },
    body_excerpt: excerpt(last?.body ?? ''),
    say: sayGood(ok, samples.length, last?.status),
  };
}

/** `5 of 5 answers are good, the last one 200`. */
function sayGood(ok: number, asked: number, status: number | undefined): string {
  if (asked === 1 && ok === 1) return `it answers ${status ?? 'nothing'}`;
  return `${ok} of ${asked} answers are good${status === undefined ? '' : `, the last one ${status}`}`;
}

/** What is wrong, as one sentence with the last fault; undefined where enough samples are good. Pure. */
export function verdict(what: string, samples: readonly HttpSample[], atLeast: number): string | undefined {
  const { ok } = sumUp(samples);
  if (ok >= atLeast) return undefined;
  const last = samples.findLast((sample) => sample.fault !== undefined)?.fault ?? 'nothing was asked';
  if (samples.length === 1) return `${what}: ${last}`;
  const wanted = atLeast === samples.length ? 'all' : `at least ${atLeast}`;
  return `${what}: ${ok} of ${samples.length} answers were good, ${wanted} must be; the last bad one: ${last}`;
}
