import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { crypto } from './crypto.ts';
import { damaged, storageTrouble } from './trouble.ts';

/** The key of every fingerprint and receipt of this installation. */
export type Key = Uint8Array;

/**
 * The key in this state folder, or, where there is none yet, one derived from the machine's id, so that planning writes
 * nothing. What that costs: every local user can read the machine's id, so whoever gets hold of a plan made before the
 * first run can try short passwords against its fingerprints; and fingerprints made before and after the first run do
 * not compare, so a plan is built again once `ensureKey` has made the real key.
 */
export function readKey(dir: string): Key {
  return storedKey(dir) ?? keyBeforeTheFirst();
}

/** The key that `readKey` gives where there is none: a plan from before the first run is compared with this one. */
export function keyBeforeTheFirst(): Key {
  return crypto().createHmac('sha256', machineId()).update('playbook: no key yet').digest();
}

/** The key in this state folder; makes it (32 random bytes, 0600) where there is none. Of two who make it, one wins for both. */
export function ensureKey(dir: string): Key {
  const known = storedKey(dir);
  if (known) return known;
  makeKey(dir);
  return readKey(dir);
}

/** Keyed hash (hex): a bare hash of a short password could be guessed. */
export function hmac(key: Key, bytes: string | Uint8Array): string {
  return crypto().createHmac('sha256', key).update(bytes).digest('hex');
}

const keyFile = (dir: string): string => join(dir, 'key');

function storedKey(dir: string): Key | undefined {
  const file = keyFile(dir);
  const key = readIfThere(file);
  if (key && key.length !== 32)
    throw damaged(`${file} is not a key of playbook: it has ${key.length} bytes, not 32.`, file);
  return key;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw storageTrouble(error, file);
  }
}

/** Written aside and linked into place: nobody ever reads half a key, and nobody's key is replaced. */
function makeKey(dir: string): void {
  const file = keyFile(dir);
  const aside = `${file}.${crypto().randomBytes(6).toString('hex')}.tmp`;
  try {
    writeAndSync(aside, crypto().randomBytes(32));
    linkSync(aside, file);
    syncFolder(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storageTrouble(error, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeAndSync(file: string, bytes: Uint8Array): void {
  const opened = openSync(file, 'wx', 0o600);
  try {
    writeSync(opened, bytes);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function syncFolder(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Systems without the file have a name at least: a weak key that stays the same is still better than a bare hash. */
function machineId(): string {
  return readIfThere('/etc/machine-id')?.toString('utf8').trim() || `host ${hostname()}`;
}
