import { open, rm, stat } from 'node:fs/promises';
import { backup } from 'node:sqlite';
import { faultsIn } from './integrity.ts';
import { makeNewFile } from './private-file.ts';
import { connectForReading } from './sqlite/connection.ts';
import { storeFile } from './sqlite.ts';
import { damaged } from './trouble.ts';

/**
 * Copies the journal into a new file (0600), also while a run writes to it, and gives its size. The file appears whole and
 * looked through, or not at all; one that is there already is never replaced.
 */
export async function backUp(dir: string, to: string): Promise<number> {
  await makeNewFile(to, (aside) => copy(storeFile(dir), aside));
  return (await stat(to)).size;
}

async function copy(from: string, to: string): Promise<void> {
  const file = await open(to, 'wx', 0o600);
  const connection = connectForReading(from);
  try {
    await backup(connection.db, to);
    const [fault] = faultsIn(to);
    if (fault !== undefined) throw damaged(`${from} is damaged, and a copy of it would be: ${fault}`, from);
    await file.sync();
  } finally {
    connection.close();
    await file.close();
    // Looking through the copy has made them; they hold nothing.
    for (const side of ['-wal', '-shm']) await rm(to + side, { force: true });
  }
}
