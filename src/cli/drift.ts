import { count } from '../report/amounts.ts';
import type { ServiceStatus } from '../report/status.ts';
import type { Release } from '../runner/contract.ts';
import { lastInPlace } from '../runner/releases.ts';

/** One service of the files, or of containers that the files have no service for, as the engine has it now. */
export type ServiceNow = {
  name: string;
  /** What the files name; a container may run another. Without files: what its newest container was made from. */
  image: string;
  wanted: number;
  job: boolean;
  containers: ContainerNow[];
};

type ContainerNow = {
  image: string;
  image_id: string;
  hash: string;
  running: boolean;
  health?: string;
  exit: number;
  since?: number;
};

/** What differs from a release, one sentence each: whatever was done by hand since. */
export function driftFrom(release: Release, services: readonly ServiceNow[]): string[] {
  const known = new Set(services.map(({ name }) => name));
  const gone = Object.entries(release.services).flatMap(([name, { containers }]) =>
    known.has(name) || containers === 0 ? [] : [name],
  );
  return [
    ...services.flatMap((service) => differences(service, release)),
    ...gone.map((name) => `${name} is in release ${release.id}, but has no container`),
  ];
}

/** Everything is told from the release on that was put in place last, by the run that recorded it or by a rollback. */
export function driftSinceLast(
  releases: readonly Release[],
  services: readonly ServiceNow[],
): { release: Release; differences: string[] } | undefined {
  const release = lastInPlace(releases);
  return release && { release, differences: driftFrom(release, services) };
}

/** The release that runs, if it is one: of several that are alike the one that was put in place last. */
export function releaseThatRuns(newestFirst: readonly Release[], services: readonly ServiceNow[]): Release | undefined {
  const alike = newestFirst.filter((release) => driftFrom(release, services).length === 0);
  return lastInPlace(alike);
}

/** The services as `status` shows them: with the image that runs, which need not be the one the files name now. */
export function serviceStatus({ name, image, wanted, job, containers }: ServiceNow): ServiceStatus {
  const running = containers.filter((container) => container.running);
  const since = Math.max(...running.flatMap((container) => container.since ?? []));
  const last = containers.slice(-1);
  const images = new Set((running.length > 0 ? running : last).map((container) => container.image));
  return {
    name,
    image: images.size === 0 ? image : [...images].join(', '),
    running: running.length,
    wanted: job ? 0 : wanted,
    health: healthOf(job, containers),
    ...(Number.isFinite(since) && { since }),
  };
}

function differences(service: ServiceNow, release: Release): string[] {
  const released = release.services[service.name];
  const { name, containers, job } = service;
  if (released === undefined) return containers.length > 0 ? [`${name} is not in the release`] : [];
  if (containers.length === 0) return released.containers > 0 ? [`${name} is gone: it has no container`] : [];
  const alive = containers.filter((container) => container.running);
  const checked = job || alive.length === 0 ? containers : alive;
  const stopped = !job && alive.length === 0 && released.containers > 0;
  const isOther = checked.some(({ image_id }) => image_id !== released.image_id);
  const hashes = [released.config_hash, release.restored?.hashes[name]].filter((hash) => hash !== undefined);
  const isEdited = hashes.length > 0 && checked.some(({ hash }) => !hashes.includes(hash));
  const scaled = !job && alive.length > 0 && alive.length !== released.containers;
  return [
    ...(stopped ? [`${name} is stopped`] : []),
    ...(isOther
      ? [`${name} runs another image${isEdited ? ' and configuration' : ''} than the release (${released.image})`]
      : []),
    ...(isEdited && !isOther ? [`${name} was made from another configuration`] : []),
    ...(scaled ? [`${name} has ${count(alive.length, 'container')}; the release had ${released.containers}`] : []),
  ];
}

const ORDER = ['unhealthy', 'starting', 'healthy'];

/** The worst that any of its containers says. */
function healthOf(job: boolean, containers: ServiceNow['containers']): string {
  if (containers.length === 0) return 'not made';
  const running = containers.filter((container) => container.running);
  if (running.length === 0) return job && containers.every(({ exit }) => exit === 0) ? 'done' : stoppedWord(containers);
  return ORDER.find((health) => running.some((container) => container.health === health)) ?? 'no healthcheck';
}

function stoppedWord(containers: ServiceNow['containers']): string {
  const failed = containers.find(({ exit }) => exit !== 0);
  return failed ? `stopped (exit code ${failed.exit})` : 'stopped';
}
