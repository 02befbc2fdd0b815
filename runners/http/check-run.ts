import { StepFailure } from '../../src/errors.ts';
import type { Context, Json, SecretRef } from '../../src/runner/contract.ts';
import { readyValues } from '../../src/runner/ready-values.ts';
import { httpRequest } from '../clients/http.ts';
import { type Expected, fault } from './answer.ts';
import { type HttpResult, type HttpSample, sumUp, verdict } from './decide.ts';

export type HttpCheckParams = {
  url: string;
  method: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string | SecretRef>;
  body?: string;
  status: (number | string)[];
  contains?: string;
  matches?: string;
  json?: Record<string, Json>;
  header?: Record<string, string>;
  faster_than?: number;
  samples: number;
  at_least?: number;
  every: number;
  each_within: number;
  wait_up_to: number;
  follow: boolean;
};

/** Takes the samples one after another, and fails where too few of them are good. */
export async function runCheck(params: HttpCheckParams, context: Context): Promise<HttpResult> {
  const headers = await readyValues(params.headers ?? {}, context);
  const samples: HttpSample[] = [];
  const started = context.clock.now();
  while (samples.length < params.samples) {
    const sample = await ask(params, headers, context);
    const answeredYet = samples.length > 0 || sample.status !== undefined;
    // A service that has just been started may need a moment until it listens; from its first answer on, all count.
    if (!answeredYet && context.clock.now() - started < params.wait_up_to) {
      context.progress({ say: `waiting for the first answer: ${sample.fault}`, done: 0, total: params.samples });
      await context.clock.sleep(Math.min(250, params.every), context.signal);
      continue;
    }
    samples.push(sample);
    if (sample.fault !== undefined && sample.fault !== samples.at(-2)?.fault)
      context.log(`${samples.length} of ${params.samples}: ${sample.fault}`);
    context.progress({ say: `asking ${addressOf(params.url)}`, done: samples.length, total: params.samples });
    if (samples.length < params.samples) await context.clock.sleep(params.every, context.signal);
  }
  return judged(params, samples);
}

async function ask(params: HttpCheckParams, headers: Record<string, string>, context: Context): Promise<HttpSample> {
  try {
    const answer = await httpRequest({
      url: params.url,
      method: params.method,
      headers,
      timeout: params.each_within,
      signal: context.signal,
      redirects: params.follow ? 'follow' : 'refuse',
      ...(params.body !== undefined && { body: params.body }),
    });
    const wrong = fault(answer, expectedOf(params));
    const seen = { status: answer.status, latency_ms: answer.total_ms, body: answer.body };
    return wrong === undefined ? seen : { ...seen, fault: wrong };
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || context.signal.aborted) throw thrown;
    return { fault: thrown.message };
  }
}

function expectedOf(params: HttpCheckParams): Expected {
  // The answer to HEAD has no body to look at.
  return params.method === 'HEAD' ? { ...params, contains: undefined, matches: undefined, json: undefined } : params;
}

function judged(params: HttpCheckParams, samples: readonly HttpSample[]): HttpResult {
  const what = `${params.method} ${addressOf(params.url)}`;
  const wrong = verdict(what, samples, Math.min(params.at_least ?? params.samples, params.samples));
  if (wrong === undefined) return sumUp(samples);
  const answered = samples.some((sample) => sample.status !== undefined);
  throw new StepFailure(wrong, { class: answered ? 'expectation' : 'transient' });
}

/** Without query and password: either may hold a secret. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
