import type { Look } from '../../src/runner/contract.ts';
import { contentsInPlace, lastInPlace } from '../../src/runner/releases.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader, ImageInspect } from '../clients/docker-types.ts';
import { containerOf, isLive } from './container.ts';
import { keptInRun } from './kept.ts';
import { madeInRun } from './made.ts';
import type { ObservedContainer, ObservedStack } from './model.ts';
import { type RenderedStack, renderedStack } from './rendered.ts';
import { seenContents } from './seen-contents.ts';

/** What the engine has of this project now. It is asked anew each time, for that may change at any time, but not within a plan. */
export function observedStack(look: Look, project: string): Promise<ObservedStack> {
  if (!look.moment) return observe(look, project);
  const known = seen.get(look) ?? new Map<string, Promise<ObservedStack>>();
  seen.set(look, known);
  const observed = known.get(project) ?? observe(look, project);
  known.set(project, observed);
  return observed;
}

/** By the look itself: one that is derived from it, for other files, sees another stack. */
const seen = new WeakMap<Look, Map<string, Promise<ObservedStack>>>();

async function observe(look: Look, project: string): Promise<ObservedStack> {
  const docker = await dockerReader(look);
  const rendered = await renderedStack(look);
  const [containers, networks, volumes, releases] = await Promise.all([
    projectContainers(docker, project),
    named(rendered.full.networks, (name) => docker.network(name), docker.networks(project)),
    named(rendered.full.volumes, (name) => docker.volume(name), docker.volumes(project)),
    look.releases.list(),
  ]);
  const released = contentsInPlace(releases);
  const put_back_at = lastInPlace(releases)?.restored?.at;
  const kept = await keptInRun(look);
  // Going back to a release, what it did not have is in the way, whether its files knew of it or not.
  const has = (name: string) => (look.release ? rendered.active.includes(name) : name in rendered.full.services);
  return {
    project,
    services: Object.fromEntries(
      rendered.active.map((name) => [name, containers.filter((container) => container.service === name)]),
    ),
    orphans: containers.filter((one) => !has(one.service) && (isLive(one) || !kept.has(one.id))),
    networks,
    volumes,
    images: await images(docker, project, rendered, containers),
    ...(released && { released }),
    ...(put_back_at !== undefined && { put_back_at }),
    kept,
    made: await madeInRun(look),
    seen: await seenContents(rendered.full, containers, released ?? {}, look),
  };
}

/** All containers of the project's services, in every state, sorted by service and number; one-offs are not among them. */
export async function projectContainers(docker: DockerReader, project: string): Promise<ObservedContainer[]> {
  const listed = await docker.containers({ project });
  const inspects = await Promise.all(listed.map((summary) => docker.container(summary.Id)));
  return inspects
    .flatMap((inspect) => (inspect ? (containerOf(inspect) ?? []) : []))
    .sort((a, b) => a.service.localeCompare(b.service) || a.number - b.number || a.name.localeCompare(b.name));
}

type Definitions = Readonly<Record<string, { name?: string } | null>> | undefined;

/** What the project has, and what the files name besides (external ones carry no label). */
async function named<T extends { Name: string }>(
  definitions: Definitions,
  find: (name: string) => Promise<T | undefined>,
  listed: Promise<T[]>,
): Promise<T[]> {
  const found = await listed;
  const missing = Object.values(definitions ?? {})
    .flatMap((definition) => definition?.name ?? [])
    .filter((name) => !found.some((one) => one.Name === name));
  const more = await Promise.all(missing.map(find));
  return [...found, ...more.filter((one) => one !== undefined)];
}

async function images(
  docker: DockerReader,
  project: string,
  rendered: RenderedStack,
  containers: readonly ObservedContainer[],
): Promise<Record<string, ImageInspect | undefined>> {
  const wanted = rendered.active.map((name) => rendered.full.services[name]?.image ?? `${project}-${name}`);
  const used = containers.map((container) => container.image_id);
  const names = [...new Set([...wanted, ...used])];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await docker.image(name)] as const)));
}
