import type { Release, ReleaseService } from '../../src/runner/contract.ts';
import { keepTag } from '../stack/keep-tag.ts';
import type { DesiredStack, ObservedContainer, ObservedStack } from '../stack/model.ts';

/** What a release says of itself besides its services. */
export type ReleaseHead = Pick<
  Release,
  'id' | 'run' | 'engine_id' | 'created_at' | 'commit' | 'compose_version' | 'profiles' | 'fingerprints'
>;

type Named = { service: string; image: string; containers: readonly ObservedContainer[] };

/** The release of what the files wanted and now runs. */
export function releaseOf(head: ReleaseHead, desired: DesiredStack, observed: ObservedStack): Omit<Release, 'files'> {
  const named = Object.values(desired.services).map(({ name, image }) => ({
    service: name,
    image,
    containers: currentOf(observed.services[name] ?? []),
  }));
  return { ...head, project: desired.project, services: servicesOf(named, observed, head.id) };
}

/** The release of what runs, whatever the files say: for a stack that was started by hand. */
export function foundRelease(
  head: ReleaseHead,
  observed: ObservedStack,
  containers: readonly ObservedContainer[],
): Omit<Release, 'files'> {
  const named = [...new Set(containers.map(({ service }) => service))].map((service) => {
    const own = containers.filter((container) => container.service === service);
    return { service, image: newest(own)?.inspect.Config.Image ?? '', containers: currentOf(own) };
  });
  return { ...head, project: observed.project, services: servicesOf(named, observed, head.id) };
}

function servicesOf(named: readonly Named[], observed: ObservedStack, release: string): Record<string, ReleaseService> {
  const entries = named.flatMap(({ service, image, containers }): [string, ReleaseService][] => {
    const container = newest(containers);
    const image_id = container?.image_id ?? observed.images[image]?.Id;
    if (image_id === undefined) return [];
    const one: ReleaseService = {
      image,
      image_id,
      digests: observed.images[image_id]?.RepoDigests ?? observed.images[image]?.RepoDigests ?? [],
      keep_tag: keepTag(observed.project, service, release),
      ...(container && { config_hash: container.hash }),
      containers: containers.length,
    };
    return [[service, one]];
  });
  return Object.fromEntries(entries);
}

/** Those that run, else the one made last (a job's). Others stand still only until the run is settled. */
export function currentOf(containers: readonly ObservedContainer[]): ObservedContainer[] {
  const running = containers.filter(({ state }) => state === 'running');
  return running.length > 0 ? running : containers.toSorted((a, b) => b.number - a.number).slice(0, 1);
}

function newest(containers: readonly ObservedContainer[]): ObservedContainer | undefined {
  return currentOf(containers).toSorted((a, b) => b.number - a.number)[0];
}
