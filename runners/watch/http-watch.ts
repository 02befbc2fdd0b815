import { StepFailure } from '../../src/errors.ts';
import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { httpRequest } from '../clients/http.ts';
import { isOurs, type Try } from './outage-decide.ts';
import { runTries, triedBefore } from './tries.ts';

export type HttpParams = {
  url: string;
  every: number;
  failing_for: number;
  status: (number | string)[];
  headers?: Record<string, string>;
  each_within: number;
};

/** A new connection for each try: what is asked is whether it accepts one. */
export function runHttp(params: HttpParams, watching: Watching): AsyncIterable<Sample> {
  return runTries({ ...params, attempt: (look) => ask(params, look) }, watching);
}

export async function answeredBefore(params: HttpParams, look: Look): Promise<Baseline> {
  return triedBefore(ask(params, look));
}

async function ask(params: HttpParams, look: Look): Promise<Try> {
  const at = look.clock.now();
  try {
    const { status, total_ms } = await httpRequest({
      url: params.url,
      timeout: params.each_within,
      signal: look.signal,
      redirects: 'refuse',
      maxBody: 64 * 1024,
      ...(params.headers && { headers: params.headers }),
    });
    const fault = isGood(status, params.status) ? undefined : `${addressOf(params.url)} answers ${status}`;
    return { at, ...(fault !== undefined && { fault }), values: { status, latency_ms: total_ms } };
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || look.signal.aborted) throw thrown;
    return { at, fault: thrown.message, ours: isOurs(thrown.message), values: { status: 0, latency_ms: 0 } };
  }
}

function isGood(status: number, good: readonly (number | string)[]): boolean {
  return good.some((one) => (typeof one === 'number' ? one === status : one[0] === String(status)[0]));
}

/** Without query and password: either may hold a secret. */
function addressOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
