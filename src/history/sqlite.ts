import { closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runsFolder } from './run-folder.ts';
import { cancelTable } from './sqlite/cancel-table.ts';
import { type Connection, connect, connectForReading } from './sqlite/connection.ts';
import { eventTable } from './sqlite/event-table.ts';
import { leaseTable } from './sqlite/lease-table.ts';
import { formatOf, migrate, refuseNewer } from './sqlite/migrations.ts';
import { releaseTable } from './sqlite/release-table.ts';
import { retirement } from './sqlite/retirement.ts';
import { runTable } from './sqlite/run-table.ts';
import type { Store } from './store.ts';
import { damaged, storageTrouble } from './trouble.ts';

/** Opens the history in this folder, which must be there; makes the file (0600) where there is none yet. */
export function openStore(dir: string): Store {
  const file = storeFile(dir);
  if (!isThere(file)) makePrivate(dir, file);
  return opened(connect(file), (connection) => {
    if (formatOf(connection) === 0) refuseLost(dir, file);
    return inShape(connection, () => {
      migrate(connection);
      return storeOn(connection);
    });
  });
}

/** Opens the history for reading; undefined where there is none yet. Nothing is made, and writing to it is refused. */
export function openStoreForReading(dir: string): Store | undefined {
  const file = storeFile(dir);
  if (!isThere(file)) return undefined;
  return opened(connectForReading(file), (connection) => {
    if (refuseNewer(connection) > 0) return inShape(connection, () => storeOn(connection));
    refuseLost(dir, file);
    connection.close();
    return undefined;
  });
}

/** Where the journal lies in a state folder. */
export const storeFile = (dir: string): string => join(dir, 'history.db');

function storeOn(connection: Connection): Store {
  return connection.read(() => {
    const runs = runTable(connection);
    const measured = connection.db.prepare(
      'SELECT ms FROM measurements WHERE engine_id = ? AND project = ? AND what = ? ORDER BY n DESC LIMIT ?',
    );
    return {
      runs: runs.runs,
      findRun: runs.findRun,
      ...eventTable(connection, runs),
      ...leaseTable(connection),
      ...cancelTable(connection),
      ...releaseTable(connection),
      ...retirement(connection),
      measured: (engine_id, project, what, limit) =>
        connection.read(() => measured.all(engine_id, project, what, limit).map((found) => Number(found['ms']))),
      close: connection.close,
    };
  });
}

/** What is asked of the file fits its format: where SQLite knows a table or a column of it not, the file is not what was written. */
function inShape<T>({ file }: Connection, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQL_ERROR) throw error;
    const { message } = error as Error;
    throw damaged(`The history is damaged: the tables in ${file} are not those of its format (${message}).`, file);
  }
}

const SQL_ERROR = 1;

/** An empty file beside the folders of runs is a history that was lost, not a new one. */
function refuseLost(dir: string, file: string): void {
  const folder = runsFolder(dir);
  const runs = existsSync(folder) ? readdirSync(folder).length : 0;
  if (runs > 0) throw damaged(`The history is lost: ${file} is empty or gone, but ${folder} holds ${runs} runs.`, file);
}

/** A folder that this user may not look into is not one without a history. */
function isThere(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw storageTrouble(error, file);
  }
}

/** SQLite gives its side files the permissions of this one. */
function makePrivate(dir: string, file: string): void {
  refuseLost(dir, file);
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw storageTrouble(error, file);
  }
}

function opened<T>(connection: Connection, use: (connection: Connection) => T): T {
  try {
    return use(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}
