import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { tcpRefusal } from '../clients/tcp.ts';
import { isOurs, type Try } from './outage-decide.ts';
import { runTries, triedBefore } from './tries.ts';

export type TcpParams = { host: string; port: number; every: number; failing_for: number; each_within: number };

export function runTcp(params: TcpParams, watching: Watching): AsyncIterable<Sample> {
  return runTries({ ...params, attempt: (look) => connectTo(params, look) }, watching);
}

export async function acceptedBefore(params: TcpParams, look: Look): Promise<Baseline> {
  return triedBefore(connectTo(params, look));
}

async function connectTo({ host, port, each_within }: TcpParams, look: Look): Promise<Try> {
  const at = look.clock.now();
  const refusal = await tcpRefusal(host, port, { timeout: each_within, signal: look.signal });
  if (refusal === undefined) return { at };
  return { at, fault: `${host}:${port} accepts no connection (${refusal})`, ours: isOurs(refusal) };
}
