import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepFailure } from '../../src/errors.ts';
import type { Context } from '../../src/runner/contract.ts';
import { httpRequest } from '../clients/http.ts';
import { tcpRefusal } from '../clients/tcp.ts';
import { parseHostPort } from './host-port.ts';

/** Exactly one of the first three. */
export type ForParams = { tcp?: string; url?: string; path?: string; every: number };
export type ForOutputs = { waited_ms: number; say: string };

/** How long one try may take. */
const perTry = 5_000;

/** Tries again and again until it is there; the last thing that was missing is the failure. */
export async function runFor(params: ForParams, context: Context): Promise<ForOutputs> {
  const { clock, signal } = context;
  const started = clock.now();
  let missing: string | undefined;
  try {
    for (;;) {
      missing = await missingNow(params, context);
      if (missing === undefined) return { waited_ms: clock.now() - started, say: sayThere(params) };
      context.progress({ say: missing });
      await clock.sleep(params.every, signal);
    }
  } catch (thrown) {
    if (!signal.aborted || missing === undefined) throw thrown;
    throw new StepFailure(missing, { class: 'timeout', cause: thrown });
  }
}

function sayThere({ tcp, url, path }: ForParams): string {
  if (tcp !== undefined) return `${tcp} accepts connections`;
  return url === undefined ? `${path} is there` : `${withoutQuery(url)} answers`;
}

/** What is still missing, as one clause; undefined when it is there. */
async function missingNow(params: ForParams, context: Context): Promise<string | undefined> {
  if (params.tcp !== undefined) return missingPort(params.tcp, context.signal);
  if (params.url !== undefined) return missingAnswer(params.url, context.signal);
  const path = params.path ?? '';
  const found = await stat(resolve(context.look.target.directory, path)).catch(() => undefined);
  return found ? undefined : `${path} does not exist yet`;
}

async function missingPort(address: string, signal: AbortSignal): Promise<string | undefined> {
  const { host, port } = parseHostPort(address);
  const refusal = await tcpRefusal(host, port, { timeout: perTry, signal });
  return refusal && `${address} accepts no connection yet: ${refusal}`;
}

async function missingAnswer(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status } = await httpRequest({ url, timeout: perTry, signal, redirects: 'refuse' });
    if (status >= 200 && status < 300) return undefined;
    return `${withoutQuery(url)} answers ${status}, not 2xx`;
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || signal.aborted) throw thrown;
    return thrown.message;
  }
}

/** Query and password may hold a secret. */
function withoutQuery(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
