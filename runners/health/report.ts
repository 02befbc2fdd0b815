import { StepFailure } from '../../src/errors.ts';
import type { Context } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { keepEvidence, lastLines } from '../stack/evidence.ts';
import { listed, sayDuration } from '../stack/words.ts';
import type { ContainerVerdict } from './decide.ts';
import type { Asked } from './select.ts';
import type { Watched } from './watch-services.ts';

/** Keeps the evidence of what failed, then says it: the first cause on top, with the last lines of its log (F25). */
export async function failure(
  context: Context,
  docker: Pick<DockerReader, 'logs'>,
  { verdicts, stopped }: Watched,
): Promise<StepFailure> {
  const blamed = verdicts.filter(({ verdict }) => verdict === (stopped ? 'waiting' : 'failed'));
  for (const { id } of blamed) if (id !== undefined) await keepEvidence(context, id);
  const [first] = blamed;
  const lines = first?.id === undefined ? [] : await lastLines(docker, first.id, 10);
  // Stopped while it was asked: why says more than that a log could not be read.
  if (!stopped) context.signal.throwIfAborted();
  const sentences = blamed.map((one, index) => sentence(one, verdicts, index === 0 ? lines : []));
  return new StepFailure(sentences.join('; '), {
    class: stopped ? 'timeout' : (first?.class ?? 'unhealthy'),
    lines,
    ...(first?.hint !== undefined && { hint: first.hint }),
  });
}

function sentence(one: ContainerVerdict, all: readonly ContainerVerdict[], lines: readonly string[]): string {
  const several = all.filter(({ service }) => service === one.service).length > 1;
  const who = several && one.container ? `${one.service} (${one.container})` : one.service;
  const said = one.verdict === 'waiting' ? `${who}: ${one.say}` : `${who} ${one.say}`;
  const last = one.ended ? lines.findLast((line) => line.trim() !== '')?.trim() : undefined;
  return last === undefined ? said : `${said}: "${last.length > 200 ? `${last.slice(0, 199)}…` : last}"`;
}

export type Found = { services: Record<string, string>; waited_ms: number; healthy: number; say: string };

/** What `steps.ID` says of a wait that went well. */
export function found(verdicts: readonly ContainerVerdict[], waited_ms: number): Found {
  const services = Object.fromEntries(verdicts.map(({ service, state }) => [service, state]));
  const healthy = Object.values(services).filter((state) => state === 'healthy').length;
  return { services, waited_ms, healthy, say: sayStates(verdicts) };
}

/** `3 healthy, 1 running`: of containers, for a service counts as one however many stand for it. */
function sayStates(verdicts: readonly ContainerVerdict[]): string {
  const states = ['healthy', ...new Set(verdicts.map(({ state }) => state))];
  const counts = [...new Set(states)].flatMap((word) => {
    const number = verdicts.filter(({ state }) => state === word).length;
    return number > 0 ? [`${number} ${word}`] : [];
  });
  return counts.join(', ') || 'nothing to wait for';
}

/** Says what cannot be known of services without a healthcheck; undefined where all have one. */
export function unknowns(asked: readonly Asked[], verdicts: readonly ContainerVerdict[]): string | undefined {
  const blind = [...new Set(verdicts.filter(({ state }) => state === 'running').map(({ service }) => service))];
  const one = asked.find(({ service }) => blind.includes(service));
  if (!one) return undefined;
  const window = one.blind_for ?? one.stable_for;
  const lasted = window === 0 ? 'runs' : `ran for ${sayDuration(window)} without a restart`;
  const [have, it] = blind.length === 1 ? ['has', 'it'] : ['have', 'each'];
  return `${listed(blind)} ${have} no healthcheck: that ${it} ${lasted} is all that can be known.`;
}
