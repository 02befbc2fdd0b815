import type { ContainerInspect } from '../clients/docker-types.ts';

/** By the ID of the container before. */
export type Successors = Readonly<Record<string, string>>;

/** What is put right in the copy; the rest is as the inspect has it. */
export type Remade = {
  name: string;
  /** The image by ID or name; left out: the name the container was made with. */
  image?: string;
  labels?: Record<string, string>;
  /** Named in place of fresh ones: volume by mount point. */
  volumes?: Record<string, string>;
  /** The containers whose namespaces it shares and whose volumes it takes over from now on, by those that it named so far. */
  successors?: Successors;
};

/**
 * The body of a create call that makes the same container again (proofs.md §2). Only right for the same image, as an
 * inspect holds what the image brought along.
 */
export function createBody(inspect: ContainerInspect, remade: Remade): Record<string, unknown> {
  const shares = inspect.HostConfig.NetworkMode?.startsWith('container:') ?? false;
  return {
    ...config(inspect, shares),
    ...(remade.image !== undefined && { Image: remade.image }),
    Labels: { ...inspect.Config.Labels, ...remade.labels },
    HostConfig: {
      ...inspect.HostConfig,
      Mounts: mounts(inspect, remade.volumes ?? {}),
      ...followed(inspect, remade.successors ?? {}),
    },
    NetworkingConfig: { EndpointsConfig: shares ? {} : endpoints(inspect, remade.name) },
  };
}

/** Anonymous volumes of a container by mount point: named in its copy, they keep their data. */
export function volumesByPlace(volumes: readonly { name: string; destination: string }[]): Record<string, string> {
  return Object.fromEntries(volumes.map((volume) => [volume.destination, volume.name]));
}

function config(inspect: ContainerInspect, shares: boolean): Record<string, unknown> {
  const { Hostname, Domainname, ...rest } = inspect.Config;
  const own = shares || inspect.Id.startsWith(Hostname) ? {} : { Hostname, Domainname };
  return { ...rest, ...own };
}

const MODES = ['NetworkMode', 'PidMode', 'IpcMode'] as const;

/** The containers whose network, processes or memory one shares: it cannot start without them. */
export function sharedWith({ HostConfig }: Pick<ContainerInspect, 'HostConfig'>): string[] {
  return MODES.flatMap((mode) => sharedIn(HostConfig, mode) ?? []);
}

/** Whether it names one that has a successor, also as one whose volumes it takes over (`ID`, or `ID:ro`). */
export function namesFormer(inspect: ContainerInspect, successors: Successors): boolean {
  const lent = lenders(inspect.HostConfig).map((entry) => entry.split(':')[0] ?? entry);
  return [...sharedWith(inspect), ...lent].some((id) => successors[id] !== undefined);
}

function sharedIn(host: ContainerInspect['HostConfig'], mode: (typeof MODES)[number]): string | undefined {
  return /^container:(.+)$/.exec(host[mode] ?? '')?.[1];
}

function followed({ HostConfig }: ContainerInspect, successors: Successors): Record<string, unknown> {
  const next = (id: string) => successors[id] ?? id;
  const modes = MODES.flatMap((mode) => {
    const id = sharedIn(HostConfig, mode);
    return id === undefined ? [] : [[mode, `container:${next(id)}`]];
  });
  const from = lenders(HostConfig).map((entry) => entry.replace(/^[^:]+/, next));
  return { ...Object.fromEntries(modes), ...(from.length > 0 && { VolumesFrom: from }) };
}

function lenders(host: ContainerInspect['HostConfig']): string[] {
  const entries = host['VolumesFrom'];
  return Array.isArray(entries) ? (entries as string[]) : [];
}

type Mount = { Type: string; Source?: string; Target: string };

function mounts(inspect: ContainerInspect, volumes: Record<string, string>): Mount[] {
  const written = (inspect.HostConfig.Mounts ?? []) as Mount[];
  const named = written.map((mount) => {
    const source = mount.Type === 'volume' ? volumes[mount.Target] : undefined;
    return source === undefined ? mount : { ...mount, Source: source };
  });
  const missing = Object.entries(volumes).filter(([place]) => !written.some((mount) => mount.Target === place));
  return [...named, ...missing.map(([place, name]) => ({ Type: 'volume', Source: name, Target: place }))];
}

/** Aliases as they were, but for the short ID, which the engine adds itself, and the name, which may be another now (F10). */
function endpoints(inspect: ContainerInspect, name: string): Record<string, unknown> {
  const former = inspect.Name.replace(/^\//, '');
  return Object.fromEntries(
    Object.entries(inspect.NetworkSettings.Networks ?? {}).map(([network, endpoint]) => {
      const aliases: string[] = (endpoint.Aliases ?? []).filter((alias: string) => !inspect.Id.startsWith(alias));
      const { IPAMConfig, Links } = endpoint;
      const more = endpoint as { DriverOpts?: unknown };
      const renamed = aliases.map((alias) => (alias === former ? name : alias));
      return [network, { Aliases: [...new Set(renamed)], IPAMConfig, Links, DriverOpts: more.DriverOpts }];
    }),
  );
}
