import { Refusal } from '../../errors.ts';
import { unfinishedStatuses } from '../run-row.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';

/** Takes runs out of the record: the only way in which an event is ever deleted. What was measured in them stays. */
export function retirement({ db, read, write }: Connection): Pick<Store, 'retire' | 'compact'> {
  const unfinished = unfinishedStatuses.map((status) => `'${status}'`).join(', ');
  const each = [
    'INSERT INTO retired_runs (run) VALUES (?)',
    'DELETE FROM events WHERE run = ?',
    'DELETE FROM cancels WHERE run = ?',
    'DELETE FROM runs WHERE run = ?',
    'DELETE FROM retired_runs WHERE run = ?',
  ].map((sql) => db.prepare(sql));
  const goesOn = db.prepare(`SELECT 1 FROM runs WHERE run = ? AND status IN (${unfinished})`);
  const free = db.prepare('PRAGMA freelist_count');

  return {
    retire: (runs) =>
      write(() => {
        for (const run of runs) {
          if (goesOn.get(run)) throw new Refusal('unavailable', `Run ${run} has not ended: its record stays.`);
          for (const statement of each) statement.run(run);
        }
      }),
    compact: () =>
      read(() => {
        while (Number(free.get()?.['freelist_count']) > 0) {
          const before = Number(free.get()?.['freelist_count']);
          db.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
          // A file from before it could shrink: its free pages are used for what is written next.
          if (Number(free.get()?.['freelist_count']) >= before) break;
        }
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }),
  };
}

/** 8 MB: a few milliseconds. */
const PAGES_AT_ONCE = 2000;
