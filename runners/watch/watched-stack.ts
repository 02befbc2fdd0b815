import { StepFailure } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { atMost } from '../clients/at-most.ts';
import type { ContainerSummary, DockerReader } from '../clients/docker-types.ts';
import { isOneOff } from '../stack/container.ts';
import { replicasOf } from '../stack/desired.ts';
import { renderedStack } from '../stack/rendered.ts';
import { listed } from '../stack/words.ts';
import { type Replica, replicaOf } from './replica.ts';

/** What is watched of a stack: it does not change while a run lasts. */
export type WatchedStack = {
  project: string;
  services: WatchedService[];
  /** Names on the engine of its networks and volumes. */
  networks: string[];
  volumes: string[];
};

export type WatchedService = { name: string; replicas: number; job: boolean };

/** `only`: names of services; left out: all of them. Rejects where the stack has no such service. */
export async function watchedStack(look: Look, only?: readonly string[]): Promise<WatchedStack> {
  const unknown = await unknownService(look, only);
  if (unknown !== undefined) throw new StepFailure(unknown, { class: 'not-found' });
  const { full, active, jobs } = await renderedStack(look);
  const names = active.filter((name) => only === undefined || only.includes(name));
  return {
    project: full.name,
    services: names.map((name) => ({
      name,
      replicas: replicasOf(full.services[name] ?? {}),
      job: jobs.includes(name),
    })),
    networks: Object.values(full.networks ?? {}).flatMap((network) => network?.name ?? []),
    volumes: Object.values(full.volumes ?? {}).flatMap((volume) => volume?.name ?? []),
  };
}

/** What is wrong with the names, as a sentence; a service that is not there would be watched in vain. */
export async function unknownService(look: Look, only: readonly string[] = []): Promise<string | undefined> {
  if (only.length === 0) return undefined;
  const { active } = await renderedStack(look);
  const unknown = only.find((name) => !active.includes(name));
  return unknown && `the stack has no service ${unknown}; its services are ${listed(active)}`;
}

/** The containers of the watched services, in every state; those of `compose run` are not among them. */
export async function containersOf(
  docker: Pick<DockerReader, 'containers'>,
  stack: WatchedStack,
): Promise<ContainerSummary[]> {
  const names = new Set(stack.services.map(({ name }) => name));
  const found = await docker.containers({ project: stack.project });
  return found.filter(({ Labels }) => !isOneOff(Labels) && names.has(serviceOf({ Labels })));
}

export function serviceOf({ Labels }: Pick<ContainerSummary, 'Labels'>): string {
  return Labels['com.docker.compose.service'] ?? '';
}

/** How many calls are under way at a time: more make it no faster (bench.md A). */
export const atATime = 16;

/** The same by inspect, which alone is the truth. */
export async function replicasOfStack(
  docker: Pick<DockerReader, 'containers' | 'container'>,
  stack: WatchedStack,
): Promise<Replica[]> {
  const found = await containersOf(docker, stack);
  const inspects = await atMost(atATime, found, ({ Id }) => docker.container(Id));
  return inspects.flatMap((inspect) => (inspect ? [replicaOf(inspect)] : []));
}
