import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Defect, Refusal } from '../errors.ts';
import { crypto } from './crypto.ts';
import { storageTrouble } from './trouble.ts';

/**
 * Writes a file that only its owner may read. It is on the disk, whole, when this resolves: a reader (or a power cut)
 * sees the old content or the new one, never half of it.
 */
export async function writePrivateFile(path: string, bytes: string | Uint8Array): Promise<void> {
  const aside = `${path}.${crypto().randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeAndSync(aside, bytes);
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await discard(aside);
    throw storageTrouble(error, path);
  }
}

/** The same for a file that nobody has yet: one that is there already is never replaced. */
export async function writeNewPrivateFile(path: string, bytes: string | Uint8Array): Promise<void> {
  await makeNewFile(path, (aside) => writeAndSync(aside, bytes));
}

/** `make` makes a private file aside; it appears under its name when it is whole, or not at all. */
export async function makeNewFile(path: string, make: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${path}.${crypto().randomBytes(6).toString('hex')}.tmp`;
  try {
    if (await isThere(path)) throw isTaken(path);
    await make(aside);
    await link(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isTaken(path) : storageTrouble(error, path);
  } finally {
    await discard(aside);
  }
}

/** Makes a folder that only its owner may enter, with the folders above it; each new entry is on the disk. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
  } catch (error) {
    throw storageTrouble(error, path);
  }
}

/** After a rename or a removal: the folder's list of names is flushed, too. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Takes away what was half made. Where even that fails, the reason for the first failure is worth more than this one. */
export async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * A name as one path segment: slashes, a leading dot and whatever else could lead out of a folder are percent-encoded,
 * so that two names never meet in one file. `nameOfFile` reads it back.
 */
export function safeFileName(name: string): string {
  if (name === '') throw new Defect('a file needs a name');
  const safe = encodeURIComponent(name.toWellFormed())
    .replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\./, '%2E');
  if (safe.length <= 180) return safe;
  const digest = crypto().createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${safe.slice(0, 120).replace(/%.{0,2}/g, '_')}~${digest}`;
}

export const nameOfFile = (file: string): string => decodeURIComponent(file);

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function isTaken(path: string): Refusal {
  return new Refusal('usage', `${path} is there already, and nothing is written over.`, { hint: 'Name a new file.' });
}

async function writeAndSync(path: string, bytes: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    // Whatever the umask says: the owner must be able to read it.
    await file.chmod(0o600);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
