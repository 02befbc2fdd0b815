import type { Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { ContainerSummary, DiskUsage, DockerReader, ImageSummary } from '../clients/docker-types.ts';
import { isAnonymous, isOneOff } from './container.ts';
import { lockedProject } from './lock/labels.ts';

/** All that an engine holds, of every stack and of none: what prune and the inventories look at. Times are milliseconds. */
export type WholeEngine = {
  containers: EngineContainer[];
  images: EngineImage[];
  networks: EngineNetwork[];
  volumes: EngineVolume[];
  /** Projects that an unfinished run holds, by this history or by a lock on the engine: nothing of theirs may be touched. */
  busy: string[];
};

export type EngineContainer = {
  id: string;
  name: string;
  state: string;
  image_id: string;
  /** The name it was made with. */
  image: string;
  project?: string;
  service?: string;
  /** Made by `compose run`. */
  oneoff: boolean;
  created: number;
  volumes: string[];
  networks: string[];
};

export type EngineImage = {
  id: string;
  /** Tags; none where it dangles. */
  names: string[];
  /** Names by digest: from a registry. */
  digests: string[];
  size: number;
  /** Bytes that other images share with it; undefined is unknown. */
  shared?: number;
  /** When it was made, or got a name here, whichever is later: a pull brings images that were made long ago. */
  since: number;
};

export type EngineNetwork = { id: string; name: string; project?: string; builtin: boolean; created: number };

export type EngineVolume = {
  name: string;
  anonymous: boolean;
  project?: string;
  /** It is what holds a stack for a run. */
  lock: boolean;
  created: number;
  /** Undefined is unknown. */
  size?: number;
};

/** Reads the engine; sizes of volumes and what images share only where `sizes` is asked for, as that can take a while. */
export async function wholeEngine(look: Look, { sizes }: { sizes: boolean }): Promise<WholeEngine> {
  const docker = await dockerReader(look);
  const [containers, images, networks, volumes, usage, busy] = await Promise.all([
    docker.containers(),
    docker.images(),
    docker.networks(),
    docker.volumes(),
    sizes ? docker.diskUsage() : undefined,
    look.busy(),
  ]);
  const shared = new Map((usage?.Images ?? []).map(({ Id, SharedSize }) => [Id, SharedSize]));
  return {
    containers: containers.map(containerOf),
    images: await Promise.all(images.map((image) => imageOf(image, shared.get(image.Id), docker))),
    networks: networks.map(networkOf),
    volumes: volumes.map((volume) => volumeOf(volume, usage)),
    busy: held([...busy, ...volumes.flatMap((volume) => lockedProject(volume) ?? [])]),
  };
}

/** A run about the whole engine, such as the one that asks, holds no stack. */
function held(projects: readonly string[]): string[] {
  return [...new Set(projects)].filter((project) => project !== '');
}

function containerOf(found: ContainerSummary): EngineContainer {
  const labels = found.Labels ?? {};
  const [project, service] = [labels['com.docker.compose.project'], labels['com.docker.compose.service']];
  return {
    id: found.Id,
    name: (found.Names[0] ?? found.Id).replace(/^\//, ''),
    state: found.State,
    image_id: found.ImageID,
    image: found.Image,
    ...(project !== undefined && { project }),
    ...(service !== undefined && { service }),
    oneoff: isOneOff(labels),
    created: found.Created * 1000,
    volumes: (found.Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
    networks: Object.values(found.NetworkSettings?.Networks ?? {}).map(({ NetworkID }) => NetworkID),
  };
}

async function imageOf(found: ImageSummary, shared: number | undefined, docker: DockerReader): Promise<EngineImage> {
  const inspect = (await docker.image(found.Id)) as { Metadata?: { LastTagTime?: string } } | undefined;
  const named = Date.parse(inspect?.Metadata?.LastTagTime ?? '') || 0;
  const real = (names: readonly string[] | null | undefined) => (names ?? []).filter((name) => !/<none>/.test(name));
  return {
    id: found.Id,
    names: real(found.RepoTags),
    digests: real(found.RepoDigests),
    size: found.Size,
    ...(shared !== undefined && shared >= 0 && { shared }),
    since: Math.max(found.Created * 1000, named),
  };
}

type Network = Awaited<ReturnType<DockerReader['networks']>>[number];

function networkOf(found: Network): EngineNetwork {
  const project = found.Labels?.['com.docker.compose.project'];
  const builtin = ['bridge', 'host', 'none'].includes(found.Name) || found.Ingress;
  return {
    id: found.Id,
    name: found.Name,
    ...(project !== undefined && { project }),
    builtin,
    created: Date.parse(found.Created) || 0,
  };
}

type Volume = Awaited<ReturnType<DockerReader['volumes']>>[number];

function volumeOf(found: Volume, usage: DiskUsage | undefined): EngineVolume {
  const project = found.Labels?.['com.docker.compose.project'];
  const size = usage?.Volumes?.find(({ Name }) => Name === found.Name)?.UsageData?.Size ?? -1;
  const created = 'CreatedAt' in found ? Date.parse(String(found.CreatedAt)) : 0;
  return {
    name: found.Name,
    anonymous: isAnonymous(found.Name),
    ...(project !== undefined && { project }),
    lock: lockedProject(found) !== undefined,
    created: created || 0,
    ...(size >= 0 && { size }),
  };
}
