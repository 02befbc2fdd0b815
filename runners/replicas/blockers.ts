import type { ComposeService } from '../clients/compose-types.ts';
import type { ImageInspect } from '../clients/docker-types.ts';
import { sharedBy } from '../stack/desired.ts';
import { serviceHealthcheck } from '../stack/healthcheck.ts';
import type { DesiredService, ObservedContainer } from '../stack/model.ts';
import { listed } from '../stack/words.ts';

/** One service with all that says how it can be replaced. */
export type Facts = {
  service: DesiredService;
  /** The image its new containers run, else the one it runs now. */
  image: ImageInspect | undefined;
  containers: readonly ObservedContainer[];
  /** Services that use its network or another namespace of it. */
  sharers: readonly string[];
};

/** Why it cannot be replaced one by one, so that `compose.up` must do it; undefined where it can. */
export function makeBlocker({ service, image, containers, sharers }: Facts): string | undefined {
  const { config } = service;
  if (config.container_name !== undefined) return 'its container_name can be had only once';
  const shared = sharedBy(config);
  if (shared.length > 0) return `it uses a namespace of ${listed(shared)}`;
  if (config.network_mode?.startsWith('container:')) return 'it uses the network of a container';
  if (sharers.length > 0) return `${listed(sharers)} ${sharers.length === 1 ? 'uses' : 'use'} its network`;
  if (config['volumes_from'] !== undefined) return 'it takes over volumes of another container';
  return hasUnnamedVolume(config, image, containers) ? 'its unnamed volume goes along to the new container' : undefined;
}

function hasUnnamedVolume(
  config: ComposeService,
  image: ImageInspect | undefined,
  containers: readonly ObservedContainer[],
): boolean {
  const mounts = config.volumes ?? [];
  if (mounts.some(({ type, source }) => type === 'volume' && !source)) return true;
  if (containers.some((container) => container.anonymous_volumes.length > 0)) return true;
  const ofImage = Object.keys(image?.Config?.Volumes ?? {});
  return ofImage.some((place) => !mounts.some(({ target }) => target === place));
}

/** F14, F32: why two of it must not run at the same time; undefined where they may (facts/compose.md §4). */
export function overlapBlocker({ service }: Pick<Facts, 'service'>): string | undefined {
  const { config, marks } = service;
  return (
    (config.container_name === undefined ? undefined : 'its container_name can be had only once') ??
    portBlocker(config) ??
    addressBlocker(config) ??
    (marks.stateful === true ? 'x-playbook says that it is stateful' : undefined) ??
    deviceBlocker(config) ??
    volumeBlocker(service)
  );
}

function portBlocker({ ports }: ComposeService): string | undefined {
  const published = (ports ?? []).find((port) => port.published && port.published !== '0')?.published;
  if (published === undefined) return undefined;
  return published.includes('-')
    ? `it publishes one of the ports ${published} itself, for which two would race`
    : `it publishes port ${published} itself`;
}

function addressBlocker(config: ComposeService): string | undefined {
  if (config.network_mode === 'host') return 'it uses the network of the host';
  if (config['mac_address'] !== undefined) return 'its mac_address is fixed';
  for (const network of Object.values(config.networks ?? {})) {
    const fixed = ['ipv4_address', 'ipv6_address', 'mac_address'].find((key) => fieldOf(network, key) !== undefined);
    if (fixed !== undefined) return `its ${fixed} is fixed`;
  }
  return undefined;
}

function deviceBlocker(config: ComposeService): string | undefined {
  if (filled(config['devices'])) return 'it uses a device of the host';
  const reserved = fieldOf(fieldOf(config.deploy?.resources, 'reservations'), 'devices');
  return filled(reserved) || filled(config['gpus']) ? 'a device is reserved for it' : undefined;
}

/** A volume that one replica alone writes to may be a datastore's: two servers on one folder corrupt it. */
function volumeBlocker({ config, marks, replicas, contents }: DesiredService): string | undefined {
  if (marks.stateful === false || replicas > 1) return undefined;
  for (const { type, source, target, read_only } of config.volumes ?? []) {
    if (read_only === true || !source) continue;
    if (type === 'volume') return `it writes to the volume ${source}, which two must not use at the same time`;
    const isFile = Object.hasOwn(contents, `file ${source}`) || isSpecial(source);
    if (type === 'bind' && !isFile)
      return `it may write to ${source} (bound to ${target}), and x-playbook does not say \`stateful: false\``;
  }
  return undefined;
}

/** A socket or a file of the system is no folder with data. */
function isSpecial(path: string): boolean {
  return path.endsWith('.sock') || /^\/(dev|proc|sys)(\/|$)/.test(path) || /^\/etc\/(localtime|timezone)$/.test(path);
}

/** Whether the engine will say when a new one is ready. */
export function hasHealthcheck({ service, image }: Pick<Facts, 'service' | 'image'>): boolean {
  return serviceHealthcheck(service.config.healthcheck, image?.Config?.Healthcheck) !== undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function filled(value: unknown): boolean {
  return value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0);
}
