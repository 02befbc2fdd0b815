import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup } from 'node:sqlite';
import { Refusal } from '../errors.ts';
import { faultsIn } from './integrity.ts';
import { syncFolder } from './private-file.ts';
import { connectForReading } from './sqlite/connection.ts';
import { storeFile } from './sqlite.ts';
import { damaged, storageTrouble } from './trouble.ts';

/**
 * Copies the journal into a new file (0600), also while a run writes to it, and gives its size. The file appears whole and
 * looked through, or not at all; one that is there already is never replaced.
 */
export async function backUp(dir: string, to: string): Promise<number> {
  if (statSync(to, { throwIfNoEntry: false })) throw isThere(to);
  const aside = `${to}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    closeSync(openSync(aside, 'wx', 0o600));
    await copy(storeFile(dir), aside);
    flush(aside);
    linkSync(aside, to);
    await syncFolder(dirname(to));
    return statSync(to).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw isThere(to);
    throw storageTrouble(error, to);
  } finally {
    for (const side of ['', '-wal', '-shm']) rmSync(aside + side, { force: true });
  }
}

async function copy(from: string, to: string): Promise<void> {
  const connection = connectForReading(from);
  try {
    await backup(connection.db, to);
  } finally {
    connection.close();
  }
  const [fault] = faultsIn(to);
  if (fault !== undefined) throw damaged(`${from} is damaged, and a copy of it would be: ${fault}`, from);
}

function flush(file: string): void {
  const opened = openSync(file, 'r+');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function isThere(file: string): Refusal {
  return new Refusal('usage', `${file} is there already, and nothing is written over.`, { hint: 'Name a new file.' });
}
