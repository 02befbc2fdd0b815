import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { requireOwnFolder } from './own-folder.ts';
import { storageTrouble } from './trouble.ts';

export type StateDirOptions = {
  /** `--state-dir`. */
  flag?: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Undefined where the system knows no user ids. */
  uid: number | undefined;
  /** The folder that root, sudo and hooks share; tests name another. */
  shared?: string;
};

/**
 * Where the history lives: `--state-dir`; else /var/lib/playbook where it is writable (root makes it), so that root, sudo
 * and hooks share one history; else the user's own state folder. Reads only.
 */
export function findStateDir(options: StateDirOptions): { path: string; exists: boolean } {
  const path = choose(options);
  return { path, exists: existsSync(path) };
}

/**
 * Makes the folder (0700) where it is missing. One that is there keeps its permissions, for all that is put into it is
 * private; but nobody else may be able to write to it.
 */
export function createStateDir(path: string, uid: number | undefined): void {
  // Nothing is made where it would be refused.
  if (!existsSync(path)) requireOwnFolder(path, uid);
  // A umask that takes rights from the owner would make folders that nothing can be put into.
  process.umask(process.umask() & 0o077);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageTrouble(error, path);
  }
  requireOwnFolder(path, uid);
}

function choose({ flag, env, uid, shared = '/var/lib/playbook' }: StateDirOptions): string {
  if (flag !== undefined) return resolve(flag);
  if (existsSync(shared) ? isWritable(shared) : uid === 0 && isWritable(nearestFolder(shared))) return shared;
  // A relative path in this variable is to be ignored, by the rules of XDG.
  const state = env['XDG_STATE_HOME'];
  if (state && isAbsolute(state)) return join(state, 'playbook');
  return join(env['HOME'] || homedir(), '.local', 'state', 'playbook');
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === path ? above : nearestFolder(above);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // The answer to the question asked; whoever writes later meets the reason.
    return false;
  }
}
