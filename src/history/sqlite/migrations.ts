import { Refusal } from '../../errors.ts';
import { damaged } from '../trouble.ts';
import type { Connection } from './connection.ts';

/** The format this program writes: `PRAGMA user_version` of the file. */
export const formatOf = (connection: Connection): number =>
  connection.read(() => Number(connection.db.prepare('PRAGMA user_version').get()?.['user_version']));

/** Brings the file to the newest format, all or nothing; refuses one of a newer program. */
export function migrate(connection: Connection): void {
  if (refuseNewer(connection) === migrations.length) return;
  connection.write(() => {
    // Read again under the lock: another process may have done it meanwhile.
    for (const sql of migrations.slice(refuseNewer(connection))) connection.db.exec(sql);
    connection.db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** The file's format, if this program knows it. 0: nothing was ever written. */
export function refuseNewer(connection: Connection): number {
  const format = formatOf(connection);
  if (format < 0 || (format === 0 && hasTables(connection)))
    throw damaged(`The history is damaged: ${connection.file} has tables, but no format.`, connection.file);
  if (format <= migrations.length) return format;
  throw new Refusal(
    'unavailable',
    `The history in ${connection.file} was written by a newer playbook (format ${format}, this one knows ${migrations.length}).`,
    { hint: 'Use that version of playbook, or name another folder with `--state-dir`.' },
  );
}

function hasTables({ db, read }: Connection): boolean {
  return read(() => db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get()) !== undefined;
}

/** One per format, never edited once released: a new format is a new entry at the end. */
const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    n INTEGER PRIMARY KEY,
    run TEXT NOT NULL UNIQUE,
    engine_id TEXT NOT NULL,
    project TEXT NOT NULL,
    status TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_of_stack ON runs (engine_id, project, n);

  CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (run),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    json TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  -- Retention puts a run in here first; nothing else may take an event away.
  CREATE TABLE retired_runs (run TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
  WHEN NOT EXISTS (SELECT 1 FROM retired_runs WHERE run = OLD.run)
  BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;

  -- A row stays when its lease is released (run is NULL then), so that the fence only ever rises.
  CREATE TABLE leases (
    engine_id TEXT NOT NULL,
    project TEXT NOT NULL,
    fence INTEGER NOT NULL,
    run TEXT,
    holder TEXT,
    since INTEGER,
    PRIMARY KEY (engine_id, project)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER fences_only_rise BEFORE UPDATE ON leases WHEN NEW.fence < OLD.fence
  BEGIN SELECT RAISE (ABORT, 'a fence only rises'); END;
  CREATE TRIGGER fences_stay BEFORE DELETE ON leases
  BEGIN SELECT RAISE (ABORT, 'a fence only rises'); END;

  CREATE TABLE cancels (
    run TEXT PRIMARY KEY REFERENCES runs (run),
    by TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE releases (
    n INTEGER PRIMARY KEY,
    engine_id TEXT NOT NULL,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (engine_id, project, id)
  ) STRICT;

  -- Durations outlive the run they were taken in: forecasts need them longer than anyone reads its journal.
  CREATE TABLE measurements (
    n INTEGER PRIMARY KEY,
    engine_id TEXT NOT NULL,
    project TEXT NOT NULL,
    what TEXT NOT NULL,
    ms REAL NOT NULL,
    run TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX measurements_of_stack ON measurements (engine_id, project, what, n);
  `,
];
