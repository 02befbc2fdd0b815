import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectForReading } from './sqlite/connection.ts';

/** What SQLite finds wrong in the history's file, one sentence each; none where all is well or nothing is there yet. */
export function historyFaults(dir: string): string[] {
  const file = join(dir, 'history.db');
  if (!existsSync(file)) return [];
  const { db, read, close } = connectForReading(file);
  try {
    const found = read(() => db.prepare('PRAGMA integrity_check').all());
    return found.map((row) => String(row['integrity_check'])).filter((say) => say !== 'ok');
  } finally {
    close();
  }
}
