import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { composeReader } from '../clients/compose.ts';
import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import { dockerReader } from '../clients/docker.ts';
import { isOneOff } from './container.ts';
import { contentsOf } from './contents.ts';
import { hashable, only } from './freeze.ts';
import { hashesOf } from './hashes.ts';
import { keptInRun } from './kept.ts';
import type { DesiredService, DesiredStack } from './model.ts';
import { dependenciesOf, type Graph, sharedService, topological } from './order.ts';
import { type RenderedStack, renderedStack } from './rendered.ts';

/** What the files want. Compose is asked once per process; what can change under a run (shared containers) is looked at again. */
export async function desiredStack(look: Look): Promise<DesiredStack> {
  const [rendered, compose] = await Promise.all([renderedStack(look), composeReader(look)]);
  const model = only(rendered.full, rendered.active);
  const { order, cycle } = topological(graphOf(model));
  if (cycle) throw new Refusal('no-go', `The services depend on each other in a circle: ${cycle.join(' needs ')}.`);
  const first = await firstContainers(model, look);
  const [hashes, version, services] = await Promise.all([
    hashesOf(hashable(rendered.full, rendered.active, first), look),
    compose.version(),
    Promise.all(order.map((name) => desiredService(name, model, rendered, look))),
  ]);
  return {
    project: model.name,
    model,
    frozen: rendered.frozen,
    compose_version: version,
    services: Object.fromEntries(
      services.map((service) => [service.name, { ...service, hash: hashFor(service, hashes) }]),
    ),
    order,
    known: Object.keys(rendered.full.services).sort(),
  };
}

/** The same stack, but for its jobs: their containers are put back and not run (a migration has run in its time). */
export function withStillJobs(desired: DesiredStack): DesiredStack {
  const services = Object.entries(desired.services).map(
    ([name, service]) => [name, service.job ? { ...service, still: true as const } : service] as const,
  );
  return { ...desired, services: Object.fromEntries(services) };
}

/** Who needs whom among the services of a model. */
export function graphOf(model: ComposeModel): Graph {
  return Object.fromEntries(Object.entries(model.services).map(([name, config]) => [name, dependenciesOf(config)]));
}

/** The hashes that new containers get when `first` are the containers whose namespaces are shared. */
export async function hashesWith(first: Readonly<Record<string, string>>, look: Look): Promise<Record<string, string>> {
  const rendered = await renderedStack(look);
  return hashesOf(hashable(rendered.full, rendered.active, first), look);
}

async function desiredService(
  name: string,
  model: ComposeModel,
  rendered: RenderedStack,
  look: Look,
): Promise<Omit<DesiredService, 'hash'>> {
  const config = model.services[name] ?? {};
  return {
    name,
    config,
    image: config.image ?? `${model.name}-${name}`,
    replicas: replicasOf(config),
    job: rendered.jobs.includes(name),
    marks: rendered.marks[name] ?? {},
    contents: await contentsOf(config, model, look),
  };
}

/** How many containers a service of the rendered file wants. */
export function replicasOf(config: ComposeService): number {
  return config.scale ?? config.deploy?.replicas ?? 1;
}

/** `volumes_from` hashes a container ID that a file cannot name: unknown (compose.md §9). */
function hashFor(service: Omit<DesiredService, 'hash'>, hashes: Record<string, string>): string | undefined {
  return service.config['volumes_from'] ? undefined : hashes[service.name];
}

/**
 * Compose hashes the ID of the first container, by name, of a service whose namespace is shared. One that this run keeps
 * for the way back is none of them: what shares its network is kept with it, and would count as what the files want.
 */
async function firstContainers(model: ComposeModel, look: Look): Promise<Record<string, string>> {
  const shared = new Set(Object.values(model.services).flatMap((service) => sharedBy(service)));
  if (shared.size === 0) return {};
  const [docker, kept] = await Promise.all([dockerReader(look), keptInRun(look)]);
  const containers = (await docker.containers({ project: model.name })).filter(
    (found) => !isOneOff(found.Labels) && (!kept.has(found.Id) || runs.has(found.State)),
  );
  const first: Record<string, string> = {};
  for (const found of containers.sort((a, b) => nameOf(a).localeCompare(nameOf(b)))) {
    const service = found.Labels['com.docker.compose.service'] ?? '';
    if (shared.has(service)) first[service] ??= found.Id;
  }
  return first;
}

const runs = new Set(['running', 'restarting', 'paused']);

const nameOf = (summary: { Names: string[] }) => summary.Names[0] ?? '';

/** The services whose namespaces this one uses. */
export function sharedBy(service: ComposeService): string[] {
  return [service.network_mode, service['ipc'], service['pid']].flatMap((mode) => sharedService(mode) ?? []);
}
