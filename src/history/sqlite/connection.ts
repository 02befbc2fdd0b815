import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { storageTrouble } from '../trouble.ts';

/** An open history. Whatever `read` or `write` throws is a sentence for people where the disk or the file is the cause. */
export type Connection = {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly read: <T>(work: () => T) => T;
  /** All of it is on disk when it returns, none of it when it throws. Not to be nested. */
  readonly write: <T>(work: () => T) => T;
  readonly close: () => void;
};

/** Opens the file for writing, with every commit flushed to the disk: a lost record would be a lie. */
export function connect(file: string, busyTimeout = BUSY_TIMEOUT): Connection {
  return explained(file, () => {
    const db = new DatabaseSync(file, { timeout: busyTimeout });
    return closedOnTrouble(db, () => {
      useWriteAheadLog(db);
      db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON');
      return connection(db, file);
    });
  });
}

/** Opens the file for reading: it sees what was committed last, also while somebody writes. */
export function connectForReading(file: string): Connection {
  return explained(file, () => {
    try {
      return readable(file, file);
    } catch (error) {
      // On a read-only or full disk SQLite cannot make the side files of its log. Without a log there is nothing to miss.
      if (!hasNoSideFiles(error) || !isEmptyOrGone(`${file}-wal`)) throw error;
      return readable(file, new URL('?immutable=1', pathToFileURL(file)));
    }
  });
}

function readable(file: string, place: string | URL): Connection {
  const db = new DatabaseSync(place, { timeout: BUSY_TIMEOUT, readOnly: true });
  return closedOnTrouble(db, () => {
    db.exec('PRAGMA cell_size_check = ON');
    // Opening alone reads nothing: what is wrong with the file shows with the first question.
    db.prepare('PRAGMA user_version').get();
    return connection(db, file);
  });
}

function hasNoSideFiles(error: unknown): boolean {
  return primaryCode(error) === CANNOT_OPEN || (error as { errcode?: number }).errcode === NO_ROOM_FOR_INDEX;
}

function isEmptyOrGone(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

const BUSY_TIMEOUT = 5000;
const BUSY = 5;
const CANNOT_OPEN = 14;
const NO_ROOM_FOR_INDEX = 4874;

function connection(db: DatabaseSync, file: string): Connection {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  return {
    db,
    file,
    read: (work) => explained(file, work),
    write: (work) =>
      explained(file, () => {
        begin.run();
        try {
          const result = work();
          commit.run();
          return result;
        } catch (error) {
          // A full disk has rolled back already; a second ROLLBACK would hide the cause.
          if (db.isTransaction) db.exec('ROLLBACK');
          throw error;
        }
      }),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}

/** Two processes that open a new file at once may collide here without the busy timeout being asked. */
function useWriteAheadLog(db: DatabaseSync): void {
  for (let tries = 1; ; tries += 1) {
    try {
      // Pages that come free are given back a few at a time (`compact`); it can be had in an empty file only.
      if (isEmpty(db)) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== BUSY || tries === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare('PRAGMA page_count').get()?.['page_count'] === 0;
}

function primaryCode(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageTrouble(error, file);
  }
}

function closedOnTrouble<T>(db: DatabaseSync, work: () => T): T {
  try {
    return work();
  } catch (error) {
    db.close();
    throw error;
  }
}
