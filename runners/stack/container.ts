import type { ContainerInspect } from '../clients/docker-types.ts';
import type { ObservedContainer, ObservedStack } from './model.ts';

const label = (name: string) => `com.docker.compose.${name}`;

/** An inspect as the model of a stack sees it; undefined where it is no container of a service (`compose run`, foreign). */
export function containerOf(inspect: ContainerInspect): ObservedContainer | undefined {
  const labels = inspect.Config.Labels ?? {};
  const service = labels[label('service')];
  if (service === undefined || isOneOff(labels)) return undefined;
  const name = inspect.Name.replace(/^\//, '');
  const health = inspect.State.Health?.Status;
  return {
    id: inspect.Id,
    name,
    service,
    number: numberOf(labels),
    state: inspect.State.Status as ObservedContainer['state'],
    ...(health === 'starting' || health === 'healthy' || health === 'unhealthy' ? { health } : {}),
    hash: labels[label('config-hash')] ?? '',
    image_id: inspect.Image,
    compose_version: labels[label('version')] ?? '',
    leftover: /^[0-9a-f]{12}_/.test(name),
    anonymous_volumes: anonymousVolumes(inspect),
    inspect,
  };
}

/** Made by `compose run`: belongs to no service's replicas. */
export function isOneOff(labels: Readonly<Record<string, string>>): boolean {
  return labels[label('oneoff')] === 'True';
}

export function numberOf(labels: Readonly<Record<string, string>>): number {
  return Number.parseInt(labels[label('container-number')] ?? '', 10) || 0;
}

/** Running, or about to be: what serves, or holds its name and ports. */
export function isLive(container: Pick<ObservedContainer, 'state'>): boolean {
  return container.state === 'running' || container.state === 'restarting' || container.state === 'paused';
}

/** What counts of a service: everything but what this run keeps, stopped, for the way back. */
export function countingOf(observed: Pick<ObservedStack, 'services' | 'kept'>, service: string): ObservedContainer[] {
  return (observed.services[service] ?? []).filter((one) => isLive(one) || !observed.kept?.has(one.id));
}

/** What a container needs, and in which condition, as Compose's label `depends_on` has it: `db:service_healthy:false,…`. */
export function neededBy({ Config }: ContainerInspect): [service: string, condition: string][] {
  const written = Config.Labels?.[label('depends_on')] ?? '';
  return written
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [service = '', condition = ''] = entry.split(':');
      return [service, condition];
    });
}

/** The first letters of an ID, as people compare them. */
export function shortId(id: string): string {
  return `${id.replace(/^sha256:/, '').slice(0, 4)}…`;
}

/** A name of 64 hexadecimal digits is the engine's own: nobody named that volume. */
export function isAnonymous(volume: string): boolean {
  return /^[0-9a-f]{64}$/.test(volume);
}

function anonymousVolumes(inspect: ContainerInspect): { name: string; destination: string }[] {
  return (inspect.Mounts ?? []).flatMap((mount) =>
    mount.Type === 'volume' && mount.Name !== undefined && isAnonymous(mount.Name)
      ? [{ name: mount.Name, destination: mount.Destination }]
      : [],
  );
}
