import { chmodSync, existsSync, lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors.ts';
import { storageTrouble } from './trouble.ts';

/**
 * Refuses a state folder in which somebody else could put a file or a link: what is written there would land where they
 * like, and an undo would do what they like. What of ours is readable for others is closed. Only where the system has
 * users (`uid`).
 */
export function requireOwnFolder(path: string, uid: number | undefined): void {
  const say = strangerIn(path, uid);
  if (say !== undefined) throw unsafe(say);
  try {
    for (const name of INSIDE) closeForOthers(join(path, name), uid);
  } catch (error) {
    throw storageTrouble(error, path);
  }
}

/** Who else could write there, or will be able to once it is there, as a sentence; undefined where nobody can. Reads only. */
export function strangerIn(path: string, uid: number | undefined): string | undefined {
  if (uid === undefined) return undefined;
  if (!existsSync(path)) return replaceable(path, foldersAbove(path), uid);
  const link = lstatSync(path);
  if (link.isSymbolicLink() && !isOurs(link, uid))
    return `${path} is a link that belongs to another user (${link.uid}).`;
  const real = realpathSync(path);
  const folder = statSync(real);
  if (!isOurs(folder, uid)) return `The state folder ${path} belongs to another user (${folder.uid}).`;
  if ((folder.mode & 0o022) !== 0)
    return `The state folder ${path} can be written to by others (mode ${octal(folder)}).`;
  return replaceable(path, [...foldersAbove(path), ...foldersAbove(real)], uid);
}

function replaceable(path: string, above: readonly string[], uid: number): string | undefined {
  for (const folder of new Set(above.filter(existsSync))) {
    const say = replaceableIn(folder, uid);
    if (say !== undefined) return `The state folder ${path} can be replaced by others: ${say}`;
  }
  return undefined;
}

/** Who could put something else in place of what is in this folder, ours or not. */
function replaceableIn(folder: string, uid: number): string | undefined {
  const link = lstatSync(folder);
  if (link.isSymbolicLink() && !isOurs(link, uid))
    return `${folder} is a link that belongs to another user (${link.uid}).`;
  const seen = statSync(folder);
  if (!isOurs(seen, uid)) return `${folder} belongs to another user (${seen.uid}).`;
  // Where everybody may write, only the sticky bit keeps them from replacing what is not theirs.
  return (seen.mode & 0o1002) === 0o002 ? `everybody may write to ${folder} (mode ${octal(seen)}).` : undefined;
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

const INSIDE = ['history.db', 'history.db-wal', 'history.db-shm', 'key', 'runs', 'releases'];

function closeForOthers(path: string, uid: number | undefined): void {
  const seen = lstatSync(path, { throwIfNoEntry: false });
  if (seen === undefined || uid === undefined) return;
  if (seen.isSymbolicLink()) throw unsafe(`${path} is a link. Nothing of the history is written through one.`);
  if (!isOurs(seen, uid)) throw unsafe(`${path} belongs to another user (${seen.uid}).`);
  if ((seen.mode & 0o077) !== 0 && seen.uid === uid) chmodSync(path, seen.isDirectory() ? 0o700 : 0o600);
}

/** What root owns is as good as ours: root could do anything anyway. */
const isOurs = (seen: Stats, uid: number): boolean => seen.uid === uid || seen.uid === 0;

const octal = ({ mode }: Stats): string => (mode & 0o7777).toString(8).padStart(4, '0');

function unsafe(say: string): Refusal {
  return new Refusal('unavailable', `${say} Nothing was changed.`, {
    hint: 'It keeps what undo needs, secrets too: name a folder of your own with `--state-dir`, or put owner and mode right (chown, chmod go-w).',
  });
}
