import type { Context, Release } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { DockerChanger } from '../clients/docker-types.ts';
import { dropTag } from '../stack/keep-tag.ts';

/** An image of a release: who needs it besides this release's keep tag. */
export type ImageUse = { names: string[]; container: boolean };

/**
 * The releases beyond the newest `keep`, oldest first, without those that a container still rests on: the last name of an
 * image that is in use must not go (F55).
 */
export function releasesToDrop(
  newestFirst: readonly Release[],
  keep: number,
  uses: Readonly<Record<string, ImageUse | undefined>>,
): Release[] {
  const gone = new Set<string>();
  return newestFirst
    .slice(keep)
    .toReversed()
    .filter(({ services }) => {
      const own = Object.values(services).map(({ keep_tag }) => keep_tag);
      const last = Object.values(services).some(({ image_id }) => {
        const use = uses[image_id];
        return use?.container && use.names.every((name) => gone.has(name) || own.includes(name));
      });
      if (!last) for (const tag of own) gone.add(tag);
      return !last;
    });
}

/** Removes what is beyond `keep`; gives what was removed. */
export async function dropReleases(keep: number, context: Context): Promise<string[]> {
  const docker = await dockerChanger(context);
  const releases = await context.releases.list();
  const dropped = releasesToDrop(releases, keep, await usesOf(releases.slice(keep), docker));
  for (const release of dropped) await forgetRelease(release, context);
  return dropped.map(({ id }) => id);
}

/** What is needed to forget a release. */
export type Forgotten = { id: string; services: Record<string, { keep_tag: string }> };

/** The record goes first: a tag without a record is litter, a record without its images is a broken promise. */
export async function forgetRelease(release: Forgotten, context: Context): Promise<void> {
  const docker = await dockerChanger(context);
  await context.releases.remove(release.id);
  for (const { keep_tag } of Object.values(release.services)) await dropTag(docker, keep_tag);
}

async function usesOf(releases: readonly Release[], docker: DockerChanger): Promise<Record<string, ImageUse>> {
  const ids = [...new Set(releases.flatMap(({ services }) => Object.values(services).map(({ image_id }) => image_id)))];
  const running = new Set((await docker.containers()).map(({ ImageID }) => ImageID));
  const entries = await Promise.all(
    ids.map(async (id): Promise<[string, ImageUse]> => {
      const image = await docker.image(id);
      return [id, { names: image?.RepoTags ?? [], container: running.has(id) }];
    }),
  );
  return Object.fromEntries(entries);
}
