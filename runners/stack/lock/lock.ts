import { Refusal } from '../../../src/errors.ts';
import type { EngineLock, LockHold, LockLink, LockOwner } from '../../../src/runner/engine-lock.ts';
import type { DockerChanger } from '../../clients/docker-types.ts';
import { labelsOf, linkName, lockedProject, ownerIn, rootName } from './labels.ts';
import { firstChanged, lockReader, stands } from './read.ts';

/** The locks of an engine: volumes, for the engine makes a name once and tells everybody else whose it is. */
export function engineLock(docker: DockerChanger): EngineLock {
  const reader = lockReader(docker);
  return {
    ...reader,
    take: (owner, isDead) => take(docker, owner, isDead),
    keep: (hold) => keep(docker, hold),
    release: (hold) => release(docker, hold),
    async free(owner) {
      const now = await reader.ownerOf(owner.project);
      if (now?.token !== owner.token) return false;
      await removeAll(docker, owner.project);
      return true;
    },
  };
}

const TRIES = 20;

async function take(
  docker: DockerChanger,
  owner: LockOwner,
  isDead: (owner: LockOwner) => boolean,
): Promise<{ got: LockHold } | { held: LockOwner }> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const tried = await takeOnce(docker, owner, isDead);
    if (tried !== 'moved') return tried;
  }
  throw new Refusal('locked', `The lock of ${owner.project} on the engine changes hands all the time.`, {
    hint: 'Try again in a moment.',
  });
}

async function takeOnce(
  docker: DockerChanger,
  owner: LockOwner,
  isDead: (owner: LockOwner) => boolean,
): Promise<{ got: LockHold } | { held: LockOwner } | 'moved'> {
  const chain: LockLink[] = [];
  for (let name = rootName(owner.project); ; ) {
    const standing = ownerIn(await docker.createVolume(name, labelsOf(owner)));
    chain.push({ name, token: standing.token });
    if (standing.token === owner.token) break;
    if (!isDead(standing)) return { held: standing };
    name = linkName(standing);
  }
  if (await stands(docker, chain.slice(0, -1))) return { got: { owner, chain } };
  // Whom it hangs on was given back in between: nobody is led here any more, and the root may be another's.
  await removeLinks(docker, chain.slice(-1));
  return 'moved';
}

async function keep(
  docker: DockerChanger,
  { owner, chain }: LockHold,
): Promise<{ kept: LockHold } | { lost: LockOwner | undefined }> {
  const changed = await firstChanged(docker, chain);
  if (changed === undefined) return { kept: { owner, chain } };
  if (changed.now !== undefined) return { lost: changed.now };
  // Whoever came in between may have changed the stack, dead or not: only those it took over from before are passed over.
  const again = await take(docker, owner, ({ token }) => chain.some((link) => link.token === token));
  if ('held' in again) return { lost: again.held };
  await removeLinks(docker, without(chain, again.got.chain, owner));
  return { kept: again.got };
}

/** Own links that nothing leads to any more. */
function without(before: readonly LockLink[], now: readonly LockLink[], { token }: LockOwner): LockLink[] {
  return before.filter((link) => link.token === token && now.every(({ name }) => name !== link.name));
}

/** The root goes first: from then on the lock is free, and nobody is led to the rest of it. */
async function release(docker: DockerChanger, { owner, chain }: LockHold): Promise<void> {
  const changed = await firstChanged(docker, chain);
  const own = chain.filter(({ name, token }) => token === owner.token && name !== changed?.link.name);
  await removeLinks(docker, changed === undefined ? chain : own);
}

async function removeAll(docker: DockerChanger, project: string): Promise<void> {
  const root = rootName(project);
  await docker.removeVolume(root);
  const left = (await docker.volumes()).filter((volume) => lockedProject(volume) === project && volume.Name !== root);
  for (const { Name } of left) await docker.removeVolume(Name);
}

async function removeLinks(docker: DockerChanger, links: readonly LockLink[]): Promise<void> {
  for (const { name } of links) await docker.removeVolume(name);
}
