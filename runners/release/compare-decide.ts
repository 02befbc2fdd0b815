import type { Release, ReleaseService } from '../../src/runner/contract.ts';
import { containerDifferences } from '../stack/compare.ts';
import { isLive, shortId } from '../stack/container.ts';
import type { DesiredService, DesiredStack, ObservedContainer } from '../stack/model.ts';
import { snapshotContainer } from '../stack/snapshot.ts';
import { counted } from '../stack/words.ts';
import { currentOf } from './compose-release.ts';

/** Where what runs is not a release that was put back from its file, one clause each; none: it is that release. Pure. */
export function releaseDifferences(
  release: Pick<Release, 'services'>,
  desired: Pick<DesiredStack, 'services'>,
  now: readonly ObservedContainer[],
): string[] {
  const others = [...new Set(now.map(({ service }) => service))].filter((name) => !(name in release.services));
  return [
    ...Object.entries(release.services).flatMap(([name, was]) =>
      serviceDifferences(
        name,
        was,
        desired.services[name],
        now.filter(({ service }) => service === name),
      ),
    ),
    ...others.map((name) => `${name} has a container, and the release has none`),
  ];
}

/** Where a stack is not what the engine said of it when the release was recorded; by name, for IDs may be new. Pure. */
export function keptDifferences(
  kept: readonly ObservedContainer[],
  now: readonly ObservedContainer[],
  hmac: (text: string) => string,
): string[] {
  const names = new Set(kept.map(({ name }) => name));
  return [
    ...kept.flatMap((was) => {
      const is = now.find(({ name }) => name === was.name);
      return containerDifferences(snapshotContainer(was, hmac), is && snapshotContainer(is, hmac));
    }),
    ...now
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => `${name} is there, and the release does not have it`),
  ];
}

function serviceDifferences(
  name: string,
  was: ReleaseService,
  wanted: DesiredService | undefined,
  all: readonly ObservedContainer[],
): string[] {
  const current = currentOf(all);
  if (current.length !== was.containers)
    return [`${name} has ${counted(current.length, 'container')}, and the release ${was.containers}`];
  const other = current.find(({ image_id }) => image_id !== was.image_id);
  const hashes = [was.config_hash, wanted?.hash].filter((hash) => hash !== undefined);
  const edited = hashes.length > 0 && current.some(({ hash }) => !hashes.includes(hash));
  const down = wanted?.job ? undefined : current.find((container) => !isLive(container));
  const sick = current.find((container) => isLive(container) && container.health === 'unhealthy');
  return [
    ...(other ? [`${name} runs ${shortId(other.image_id)}, and the release ${shortId(was.image_id)}`] : []),
    ...(edited ? [`${name} was made from another configuration`] : []),
    ...(down ? [`${down.name} does not run`] : []),
    ...(sick ? [`${sick.name} is unhealthy`] : []),
  ];
}
