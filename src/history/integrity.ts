import { existsSync } from 'node:fs';
import { connectForReading } from './sqlite/connection.ts';
import { storeFile } from './sqlite.ts';
import { damaged } from './trouble.ts';

/**
 * Refuses a history in which anything is wrong. A journal that has lost its end reads well, and what is done by it would be
 * wrong: whoever takes up a run that was cut looks first.
 */
export function requireWhole(dir: string): void {
  const [fault] = historyFaults(dir);
  if (fault !== undefined) throw damaged(`The history is damaged: ${fault}`, storeFile(dir));
}

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
