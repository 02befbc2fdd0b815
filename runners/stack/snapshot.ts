import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Look, StackBefore } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { EdgePlace } from '../clients/edge/types.ts';
import { isAnonymous, isLive } from './container.ts';
import { desiredStack } from './desired.ts';
import { edgePlaces } from './edge-place.ts';
import type { DesiredStack, ObservedContainer } from './model.ts';
import { projectContainers } from './observed.ts';

/** What a stack is, without what changes by itself (times, process ids, addresses); holds fingerprints, no values. */
export type StackSnapshot = {
  project: string;
  containers: SnapshotContainer[];
  networks: string[];
  /** Named volumes of the project. */
  volumes: string[];
  /** Where each image name of the project points; null: nowhere. */
  tags: Record<string, string | null>;
  /** By service behind an edge: who gets its requests; null where the edge did not answer. Left out where no service stands behind one. */
  edges?: Record<string, SnapshotServer[] | null>;
};

/** By name, for an ID says nothing of a container that had to be made again. */
export type SnapshotServer = { name: string; weight: number };

export type SnapshotContainer = {
  id: string;
  name: string;
  service: string;
  number: number;
  running: boolean;
  health: 'starting' | 'healthy' | 'unhealthy' | null;
  image_id: string;
  hash: string;
  /** HMACs. */
  environment: string;
  configuration: string;
  /** Aliases and the fixed address, by network. */
  networks: Record<string, { aliases: string[]; address: string }>;
  mounts: string[];
  restart: string;
};

/** Looks at the stack as it is now. */
export async function captureStack(look: Look): Promise<StackSnapshot> {
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  const { project } = desired;
  const [containers, networks, volumes, edges] = await Promise.all([
    projectContainers(docker, project),
    docker.networks(project),
    docker.volumes(project),
    edgesOf(desired, look),
  ]);
  const names = new Set([
    ...Object.values(desired.services).map(({ image }) => image),
    ...containers.map(({ inspect }) => inspect.Config.Image).filter((image) => !/^(sha256:)?[0-9a-f]{64}$/.test(image)),
  ]);
  const tags = await Promise.all(
    [...names].sort().map(async (name) => [name, (await docker.image(name))?.Id ?? null] as const),
  );
  return {
    project,
    containers: containers.map((container) => snapshotContainer(container, (bytes) => look.hmac(bytes))),
    networks: networks.map(({ Name }) => Name).sort(),
    volumes: volumes
      .map(({ Name }) => Name)
      .filter((name) => !isAnonymous(name))
      .sort(),
    tags: Object.fromEntries(tags),
    ...(Object.keys(edges).length > 0 && { edges }),
  };
}

async function edgesOf(desired: DesiredStack, look: Look): Promise<NonNullable<StackSnapshot['edges']>> {
  const read = edgePlaces(desired, look).map(async (place) => [place.service, await rotationOf(place, look)] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Whom the edge gives requests, sorted by name; null where it does not tell: that is no reason to know nothing of the stack. */
async function rotationOf(place: EdgePlace, look: Look): Promise<SnapshotServer[] | null> {
  const { edgeReader } = await import('../clients/edge/open.ts');
  try {
    const edge = await edgeReader(place, look);
    const [servers, containers] = await Promise.all([edge.servers(), edge.containers()]);
    return servers
      .filter(({ state }) => state === 'ready')
      .map(({ container, address, name, weight }) => ({
        name: containers.find(({ id }) => id === container)?.name ?? address ?? name,
        weight,
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    look.signal.throwIfAborted();
    if (error instanceof Refusal || error instanceof StepFailure) return null;
    throw error;
  }
}

/** What checks after an undo may ask for: no service has to be better than it was. */
export function stackBefore(snapshot: StackSnapshot): StackBefore {
  const services = Map.groupBy(snapshot.containers, ({ service }) => service);
  return {
    services: Object.fromEntries(
      [...services].map(([service, containers]) => {
        const running = containers.filter((container) => container.running);
        const healthy = running.length > 0 && running.every(({ health }) => health === null || health === 'healthy');
        return [service, { running: running.length > 0, healthy }];
      }),
    ),
  };
}

/** What a container is, without what changes by itself; `hmac` hides the values. */
export function snapshotContainer(container: ObservedContainer, hmac: Look['hmac']): SnapshotContainer {
  const { inspect } = container;
  const policy = inspect.HostConfig.RestartPolicy;
  return {
    id: container.id,
    name: container.name,
    service: container.service,
    number: container.number,
    running: isLive(container),
    health: isLive(container) ? (container.health ?? null) : null,
    image_id: container.image_id,
    hash: container.hash,
    environment: hmac(JSON.stringify((inspect.Config.Env ?? []).toSorted())),
    configuration: hmac(JSON.stringify(configuration(container))),
    networks: Object.fromEntries(
      Object.entries(inspect.NetworkSettings.Networks ?? {}).map(([name, endpoint]) => {
        const aliases: string[] = (endpoint.Aliases ?? []).filter((alias: string) => !container.id.startsWith(alias));
        return [name, { aliases: [...new Set(aliases)].sort(), address: endpoint.IPAMConfig?.IPv4Address ?? '' }];
      }),
    ),
    mounts: (inspect.Mounts ?? [])
      .map((mount) => `${mount.Name ?? mount.Source} at ${mount.Destination}${mount.RW ? '' : ', read-only'}`)
      .sort(),
    restart: `${policy?.Name || 'no'}:${policy?.MaximumRetryCount ?? 0}`,
  };
}

/**
 * All settings but those compared by themselves, and those in which a container that was made again differs from its
 * former self: the image by ID, the generated host name, volumes named in place of unnamed ones.
 */
function configuration({ inspect, id }: ObservedContainer): unknown {
  const { Env: _env, Image: _image, Hostname, Domainname: _domain, Volumes: _volumes, ...config } = inspect.Config;
  const { RestartPolicy: _restart, Mounts: _mounts, NetworkMode, ...host } = inspect.HostConfig;
  const shares = NetworkMode?.startsWith('container:') ?? false;
  const hostname = shares || id.startsWith(Hostname) ? '' : Hostname;
  return sorted({ config, host, hostname, network: shares ? 'container' : NetworkMode });
}

/** Keys in one order: the engine promises none. Empty is the same as not there. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => !isEmpty(entry))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
