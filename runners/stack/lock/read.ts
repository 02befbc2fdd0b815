import type { LockLink, LockOwner, LockReader } from '../../../src/runner/engine-lock.ts';
import type { DockerReader } from '../../clients/docker-types.ts';
import { linkName, ownerIn, readOwner, rootName } from './labels.ts';

/** Reads the locks of an engine: by GET alone. */
export function lockReader(docker: DockerReader): LockReader {
  return {
    ownerOf: (project) => standing(project, (name) => docker.volume(name)),
    async owners() {
      const volumes = new Map((await docker.volumes()).map((volume) => [volume.Name, volume]));
      const locks = [...volumes.values()].flatMap((volume) => readOwner(volume) ?? []);
      const projects = [...new Set(locks.map(({ project }) => project))].sort();
      const found = projects.map((project) => standing(project, async (name) => volumes.get(name)));
      return (await Promise.all(found)).flatMap((owner) => owner ?? []);
    },
  };
}

/** Whether all of these are there and as they were. */
export async function stands(docker: DockerReader, chain: readonly LockLink[]): Promise<boolean> {
  return (await firstChanged(docker, chain)) === undefined;
}

/** The first link that is gone, or somebody else's. */
export async function firstChanged(
  docker: DockerReader,
  chain: readonly LockLink[],
): Promise<{ link: LockLink; now: LockOwner | undefined } | undefined> {
  for (const link of chain) {
    const found = await docker.volume(link.name);
    const now = found && readOwner(found);
    if (now?.token !== link.token) return { link, now };
  }
  return undefined;
}

type Volume = Awaited<ReturnType<DockerReader['volume']>>;

/** The last one of the chain: everybody before it was dead when it took over. */
async function standing(project: string, find: (name: string) => Promise<Volume>): Promise<LockOwner | undefined> {
  let last: LockOwner | undefined;
  for (let name = rootName(project); ; name = linkName(last)) {
    const volume = await find(name);
    if (volume === undefined) return last;
    last = ownerIn(volume);
  }
}
