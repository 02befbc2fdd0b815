import { Refusal } from '../../../src/errors.ts';
import type { LockOwner } from '../../../src/runner/engine-lock.ts';

/** A volume of the engine, as far as a lock is concerned. */
export type Labelled = { Name: string; Labels?: Record<string, string> | null };

/** Where the lock of a project begins. A project's name holds no dot, so none is the beginning of another's. */
export function rootName(project: string): string {
  return `${PREFIX}-${project}`;
}

/** Where whoever takes over from a dead owner hangs itself on. */
export function linkName(dead: Pick<LockOwner, 'project' | 'token'>): string {
  return `${rootName(dead.project)}.${dead.token}`;
}

/** The project whose lock this volume is; undefined: it is none. */
export function lockedProject({ Labels }: Labelled): string | undefined {
  return Labels?.[LABEL];
}

export function labelsOf({ process, ...owner }: LockOwner): Record<string, string> {
  const { project, token, run, playbook, user, state_dir, since } = owner;
  const said = { token, run, playbook, user, state_dir, since, ...process };
  const labels = Object.entries(said).map(([key, value]) => [`${LABEL}.${key}`, String(value)]);
  return { [LABEL]: project, ...Object.fromEntries(labels) };
}

/** Whose lock it is; undefined for a volume that is none of ours. */
export function readOwner(volume: Labelled): LockOwner | undefined {
  const project = lockedProject(volume);
  const said = (key: string): string => volume.Labels?.[`${LABEL}.${key}`] ?? '';
  if (project === undefined || said('token') === '') return undefined;
  return {
    project,
    token: said('token'),
    run: said('run'),
    playbook: said('playbook'),
    user: said('user'),
    state_dir: said('state_dir'),
    since: Number(said('since')),
    process: { pid: Number(said('pid')), host: said('host'), started: said('started'), boot: said('boot') },
  };
}

/** Whose lock it is. A volume of that name that somebody else made is in the way, and says so. */
export function ownerIn(volume: Labelled): LockOwner {
  const owner = readOwner(volume);
  if (owner !== undefined) return owner;
  throw new Refusal('locked', `The volume ${volume.Name} is in the way: it is named like a lock and is none.`, {
    hint: 'Rename whatever makes it, or remove it by hand where nothing needs it: `docker volume rm`.',
  });
}

const PREFIX = 'playbook-lock';
const LABEL = 'playbook.lock';
