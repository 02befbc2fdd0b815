import { ensureKey, hmac, type Key, keyBeforeTheFirst, readKey } from '../history/install-key.ts';
import { noReleases, storeReleases } from '../history/releases.ts';
import { unfinishedStatuses } from '../history/run-row.ts';
import { openStore, openStoreForReading } from '../history/sqlite.ts';
import { createStateDir, findStateDir } from '../history/state-dir.ts';
import type { Store } from '../history/store.ts';
import type { Flags } from './command.ts';
import type { Io } from './io.ts';
import type { Memory } from './look.ts';

/** The history as a command uses it; `store` is missing where nothing was ever run. */
export type History = { dir: string; store?: Store; key: Key; memory: Memory; close(): void };
export type OpenHistory = History & { store: Store };

type Asked = { flags: Pick<Flags, 'stateDir'>; io: Pick<Io, 'env'> };

/** For commands that only look: makes nothing, not even the folder. */
export function readHistory(asked: Asked): History {
  const path = findStateFolder(asked);
  return history(path, openStoreForReading(path), readKey(path));
}

/** Where all of it lies, or would. */
export function findStateFolder(asked: Asked): string {
  return findStateDir(where(asked)).path;
}

/** For commands that write: makes the folder, the key and the file where they are missing. */
export function openHistory(asked: Asked): OpenHistory {
  const { path } = findStateDir(where(asked));
  createStateDir(path, process.getuid?.());
  const store = openStore(path);
  return { ...history(path, store, ensureKey(path)), store };
}

/** For looks that ask nothing of the history, and must do without it where it cannot be read. */
export const withoutHistory = (): Memory => memoryOf('', undefined, keyBeforeTheFirst());

/** Fingerprints as they were made before there was a key. */
export const hmacBeforeTheKey: Memory['hmac'] = (bytes) => hmac(keyBeforeTheFirst(), bytes);

function where({ flags, io }: Asked): Parameters<typeof findStateDir>[0] {
  return { env: io.env, uid: process.getuid?.(), ...(flags.stateDir !== undefined && { flag: flags.stateDir }) };
}

function history(dir: string, store: Store | undefined, key: Key): History {
  return {
    dir,
    key,
    memory: memoryOf(dir, store, key),
    close: () => store?.close(),
    ...(store && { store }),
  };
}

const MEASUREMENTS = 20;

function memoryOf(dir: string, store: Store | undefined, key: Key): Memory {
  return {
    hmac: (bytes) => hmac(key, bytes),
    releases: (stack) => (store ? storeReleases(store, dir, stack) : noReleases),
    measured: ({ engine_id, project }, what) => store?.measured(engine_id, project, what, MEASUREMENTS) ?? [],
    busy: ({ engine_id }) => {
      const rows = store?.runs({ engine_id, statuses: unfinishedStatuses }) ?? [];
      return [...new Set(rows.map(({ project }) => project))];
    },
  };
}
