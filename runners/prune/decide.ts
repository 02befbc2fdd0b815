import { usersOfVolume, whyKept } from '../stack/keepers.ts';
import type { EngineContainer, EngineImage, EngineNetwork, EngineVolume, WholeEngine } from '../stack/whole-engine.ts';
import { listed } from '../stack/words.ts';

/** What goes and why, and what stays and why. */
export type Decision<T> = { remove: Reasoned<T>[]; keep: Kept<T>[] };
export type Reasoned<T> = { what: T; because: string };
/** `for_now`: it would go, if it were older or no run were under way. */
export type Kept<T> = Reasoned<T> & { for_now?: ForNow };
export type ForNow = 'new' | 'busy';

/** How old something must be, and what time it is; milliseconds. */
export type Age = { older_than: number; now: number };

/** `dangling`: without any name; `unused`: also those with a name that no container uses and no release is kept by. */
export type WhichImages = 'dangling' | 'unused';

/** Which images nothing needs. What a container in any state, a kept release or an unfinished run needs, always stays. */
export function decideImages(engine: WholeEngine, which: WhichImages, age: Age): Decision<EngineImage> {
  return decide(engine.images, (image) => {
    const kept = whyKept(image, engine);
    if (kept !== undefined) return { keep: kept };
    const dangling = image.names.length === 0 && image.digests.length === 0;
    if (!dangling && which === 'dangling') return { keep: 'it has a name' };
    // What an unfinished run has brought is used by nothing yet, and its name need not tell whose it is.
    if (!dangling && engine.busy.length > 0) return { keep: unfinished(listed(engine.busy)), for_now: 'busy' };
    if (isYoung(image.since, age)) return tooNew;
    return { remove: dangling ? 'it has no name, and no container uses it' : 'no container uses it' };
  });
}

/**
 * Which stopped containers are litter: those of no stack, one-off containers that have ended, and what a broken recreate
 * of Compose left. A service that was stopped, and a job that is done, are no litter: they belong to their stack.
 */
export function decideContainers(engine: WholeEngine, age: Age): Decision<EngineContainer> {
  const stopped = engine.containers.filter(
    ({ state }) => state === 'exited' || state === 'created' || state === 'dead',
  );
  return decide(stopped, (container) => {
    const { project, oneoff, name } = container;
    const leftover = /^[0-9a-f]{12}_/.test(name) && hasSuccessor(container, engine);
    if (project !== undefined && !oneoff && !leftover) return { keep: `it belongs to the stack ${project}` };
    if (project !== undefined && engine.busy.includes(project)) return { keep: unfinished(project), for_now: 'busy' };
    if (isYoung(container.created, age)) return tooNew;
    if (oneoff) return { remove: 'it was made for one command, which has ended' };
    return { remove: leftover ? 'a recreate that broke has left it' : 'it is stopped and belongs to no stack' };
  });
}

/** What a broken recreate has left is litter only once its service has a container again: it may be the last copy. */
function hasSuccessor({ id, project, service }: EngineContainer, { containers }: WholeEngine): boolean {
  return containers.some((other) => other.id !== id && other.project === project && other.service === service);
}

/** Which networks nothing is in. One that belongs to no stack was made by somebody for something: it stays. */
export function decideNetworks(engine: WholeEngine, age: Age): Decision<EngineNetwork> {
  const own = engine.networks.filter(({ builtin }) => !builtin);
  return decide(own, (network) => {
    const { project } = network;
    if (engine.containers.some(({ networks }) => networks.includes(network.id)))
      return { keep: 'containers are in it' };
    if (project === undefined) return { keep: 'it was made by hand' };
    if (engine.containers.some((container) => container.project === project))
      return { keep: `the stack ${project} is there` };
    if (engine.busy.includes(project)) return { keep: unfinished(project), for_now: 'busy' };
    if (isYoung(network.created, age)) return tooNew;
    return { remove: `nothing is in it, and the stack ${project} is gone` };
  });
}

/** Volumes that no container uses: listed, and only removed where somebody names them. */
export function orphanedVolumes(engine: WholeEngine): EngineVolume[] {
  return engine.volumes.filter((volume) => !volume.lock && usersOfVolume(volume, engine).length === 0);
}

/** Why a volume that somebody named must not go; undefined where it may. */
export function whyVolumeStays(name: string, engine: WholeEngine): string | undefined {
  const volume = engine.volumes.find((each) => each.name === name);
  if (!volume) return 'there is no volume of that name';
  if (volume.lock) return 'it is the lock of a run; `playbook unlock` frees a stack';
  const users = usersOfVolume(volume, engine).map((container) => container.name);
  if (users.length > 0) return `${listed(users)} ${users.length === 1 ? 'uses' : 'use'} it`;
  const { project } = volume;
  return project !== undefined && engine.busy.includes(project) ? `a run on ${project} is not finished` : undefined;
}

const tooNew = { keep: 'it is too new', for_now: 'new' } as const;

function unfinished(project: string): string {
  return `a run on ${project} is not finished`;
}

type Judged = { keep: string; for_now?: ForNow } | { remove: string };

function decide<T>(all: readonly T[], judge: (one: T) => Judged): Decision<T> {
  const decision: Decision<T> = { remove: [], keep: [] };
  for (const what of all) {
    const judged = judge(what);
    if ('remove' in judged) decision.remove.push({ what, because: judged.remove });
    else decision.keep.push({ what, because: judged.keep, ...(judged.for_now && { for_now: judged.for_now }) });
  }
  return decision;
}

function isYoung(since: number, { older_than, now }: Age): boolean {
  return now - since < older_than;
}
