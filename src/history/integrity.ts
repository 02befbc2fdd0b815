import { existsSync } from 'node:fs';
import { connectForReading } from './sqlite/connection.ts';
import { storeFile } from './sqlite.ts';

/** What SQLite finds wrong in the history of this folder, one sentence each; none where all is well or nothing is there yet. */
export function historyFaults(dir: string): string[] {
  const file = storeFile(dir);
  return existsSync(file) ? faultsIn(file) : [];
}

/** The same of any file. */
export function faultsIn(file: string): string[] {
  const { db, read, close } = connectForReading(file);
  try {
    const found = read(() => db.prepare('PRAGMA integrity_check').all());
    return found.map((row) => String(row['integrity_check'])).filter((say) => say !== 'ok');
  } finally {
    close();
  }
}
