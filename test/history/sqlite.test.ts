import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/history/sqlite/connection.ts';
import { openStore, openStoreForReading } from '../../src/history/sqlite.ts';
import type { Store } from '../../src/history/store.ts';
import { canMount, mountSmallDisk, remount } from '../support/small-disk.ts';
import { begin, created, logged, refusalOf, tempDir } from './history-fixtures.ts';
import { describeStore } from './store-contract.ts';

describeStore('SQLite', () => {
  const dir = tempDir();
  return { store: openStore(dir), other: openStore(dir) };
});

function opened(dir: string): Store {
  const store = openStore(dir);
  onTestFinished(store.close);
  return store;
}

/** The file itself, past all that the store takes care of. */
function raw(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, 'history.db'));
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

function smallDisk(size: string): string {
  const dir = tempDir();
  onTestFinished(mountSmallDisk(dir, size));
  return dir;
}

function fill(store: Store, events: number): void {
  const { fence } = begin(store, 'k3f9');
  for (let n = 0; n < events; n += 1) store.append('k3f9', logged(`line ${n} ${'x'.repeat(400)}`), 20, fence);
}

describe('the file', () => {
  test('only its owner may read it, and what lies beside it, whatever the umask', () => {
    const dir = tempDir();
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const store = opened(dir);
    begin(store, 'k3f9');
    expect(readdirSync(dir).sort()).toEqual(['history.db', 'history.db-shm', 'history.db-wal']);
    expect(readdirSync(dir).map((file) => statSync(join(dir, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('it must be in write-ahead mode, so that a reader sees the last commit while somebody writes', () => {
    const dir = tempDir();
    const store = opened(dir);
    fill(store, 3);
    const db = raw(dir);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.exec('BEGIN IMMEDIATE');
    const reader = openStoreForReading(dir);
    expect(reader?.events('k3f9')).toHaveLength(5);
    reader?.close();
  });

  test('the journal must refuse to be changed or shortened, but for runs that retention has named', () => {
    const dir = tempDir();
    fill(opened(dir), 1);
    const db = raw(dir);
    for (const sql of [
      "UPDATE events SET json = '{}'",
      'DELETE FROM events',
      "DELETE FROM events WHERE run = 'k3f9'",
    ]) {
      expect(() => db.exec(sql)).toThrow('append-only');
    }
    expect(() => db.exec('UPDATE leases SET fence = 0')).toThrow('a fence only rises');
    expect(() => db.exec('DELETE FROM leases')).toThrow('a fence only rises');
    expect(() => db.exec("DELETE FROM runs WHERE run = 'k3f9'")).toThrow('FOREIGN KEY');
    db.exec("INSERT INTO retired_runs VALUES ('k3f9'); DELETE FROM events WHERE run = 'k3f9'");
    expect(db.prepare('SELECT count(*) AS left FROM events').get()).toEqual({ left: 0 });
  });

  test('an open store must not be in the way of closing twice', () => {
    const store = openStore(tempDir());
    store.close();
    expect(store.close).not.toThrow();
  });
});

describe('reading', () => {
  test('where there is no history reading must give none and make nothing', () => {
    const dir = tempDir();
    expect(openStoreForReading(dir)).toBeUndefined();
    expect(openStoreForReading(join(dir, 'missing'))).toBeUndefined();
    writeFileSync(join(dir, 'history.db'), '');
    expect(openStoreForReading(dir)).toBeUndefined();
    expect(readdirSync(dir)).toEqual(['history.db']);
  });

  test('a store opened for reading must refuse to write', () => {
    const dir = tempDir();
    const { fence } = begin(opened(dir), 'k3f9');
    const reader = openStoreForReading(dir);
    const refusal = refusalOf(() => reader?.append('k3f9', logged('x'), 1, fence));
    expect([refusal.reason, refusal.message]).toEqual([
      'unavailable',
      `${join(dir, 'history.db')} cannot be written: it is read-only.`,
    ]);
    expect(reader?.events('k3f9')).toHaveLength(2);
    reader?.close();
  });
});

describe('formats', () => {
  test('a history of a newer version must be refused with a sentence, and stay as it is', () => {
    const dir = tempDir();
    openStore(dir).close();
    raw(dir).exec('PRAGMA user_version = 99');
    const before = readFileSync(join(dir, 'history.db'));
    for (const open of [openStore, openStoreForReading]) {
      const refusal = refusalOf(() => open(dir));
      expect(refusal.reason).toBe('unavailable');
      expect(refusal.message).toContain('was written by a newer playbook (format 99, this one knows 1)');
    }
    expect(readFileSync(join(dir, 'history.db')).equals(before)).toBe(true);
  });

  test('what was written before rows were sealed must still be read', () => {
    const dir = tempDir();
    const store = opened(dir);
    begin(store, 'k3f9');
    const before = [store.runs(), store.lease('E:1', 'shop')];
    raw(dir).exec(`UPDATE runs SET json = json_remove(json, '$.seal');
      UPDATE leases SET holder = json_remove(holder, '$.seal')`);
    expect([store.runs(), store.lease('E:1', 'shop')]).toEqual(before);
  });

  test('a migration that was cut must leave the file as it was, and the next one finish it', () => {
    const dir = tempDir();
    const db = raw(dir);
    db.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; CREATE TABLE runs (n)');
    db.close();
    begin(opened(dir), 'k3f9');
    expect(openStoreForReading(dir)?.runs()).toHaveLength(1);
  });
});

describe('trouble with the disk must be a sentence that says what to do', () => {
  test('a folder that is missing', () => {
    const dir = join(tempDir(), 'missing');
    const refusal = refusalOf(() => openStore(dir));
    expect([refusal.reason, refusal.message]).toEqual(['unavailable', `${dir}/history.db does not exist.`]);
    expect(refusal.hint).toContain('--state-dir');
    expect(existsSync(dir)).toBe(false);
  });

  test('a place that is a file', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    expect(refusalOf(() => openStore(file)).reason).toBe('unavailable');
  });

  test('a history that another process is writing to for too long', () => {
    const dir = tempDir();
    openStore(dir).close();
    raw(dir).exec('BEGIN IMMEDIATE');
    const impatient = connect(join(dir, 'history.db'), 10);
    onTestFinished(impatient.close);
    const refusal = refusalOf(() => impatient.write(() => 'never'));
    expect([refusal.reason, refusal.message]).toEqual(['unavailable', expect.stringContaining('more than 5 seconds')]);
  });
});

describe('F65 a history that is damaged must be recognised and named, never mended in silence', () => {
  test('a file that is no database', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'history.db'), 'not a database, but long enough to look at '.repeat(200));
    const before = readFileSync(join(dir, 'history.db'));
    for (const open of [openStore, openStoreForReading]) {
      expect(refusalOf(() => open(dir)).message).toContain('The history is damaged');
    }
    expect(readFileSync(join(dir, 'history.db')).equals(before)).toBe(true);
  });

  test('a file whose end is gone', () => {
    const dir = tempDir();
    const store = openStore(dir);
    fill(store, 200);
    store.close();
    const file = join(dir, 'history.db');
    truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096);
    const refusal = refusalOf(() => openStoreForReading(dir)?.events('k3f9'));
    expect([refusal.reason, refusal.message]).toEqual(['unavailable', expect.stringContaining('damaged')]);
    expect(refusal.hint).toContain('Copy the folder');
  });

  test('an event in which one letter changed on the disk', () => {
    const dir = tempDir();
    const store = openStore(dir);
    fill(store, 3);
    store.close();
    const file = join(dir, 'history.db');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('line 1 x');
    bytes[at + 5] = '9'.charCodeAt(0);
    writeFileSync(file, bytes);
    expect(refusalOf(() => openStoreForReading(dir)?.events('k3f9')).message).toBe(
      'The journal of run k3f9 is damaged: event 4 does not read as it was written.',
    );
  });

  test('an event that is missing in the middle', () => {
    const dir = tempDir();
    fill(opened(dir), 3);
    raw(dir).exec('DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE seq = 3');
    expect(refusalOf(() => opened(dir).events('k3f9')).message).toBe(
      'The journal of run k3f9 is damaged: event 3 is missing.',
    );
  });

  test('a history that is gone while the folders of its runs are there', () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'runs', 'k3f9'), { recursive: true });
    expect(refusalOf(() => openStore(dir)).message).toContain('The history is lost');
    expect(readdirSync(dir)).toEqual(['runs']);
    writeFileSync(join(dir, 'history.db'), '');
    expect(refusalOf(() => openStore(dir)).message).toContain('holds 1 runs');
    expect(refusalOf(() => openStoreForReading(dir)).message).toContain('The history is lost');
  });
});

describe('on a small disk of its own (a tmpfs: needs root and the right to mount)', () => {
  test.skipIf(!canMount)(
    'a full disk must be said, nothing half written, and the store usable once there is room',
    () => {
      const dir = smallDisk('512k');
      const store = opened(dir);
      const { fence } = begin(store, 'k3f9');
      const ballast = join(dir, 'ballast');
      writeFileSync(ballast, Buffer.alloc(200_000));
      let written = 2;
      const refusal = refusalOf(() => {
        for (; written < 2000; written += 1) store.append('k3f9', logged('x'.repeat(2000)), 20, fence);
      });
      expect([refusal.reason, refusal.message]).toEqual(['unavailable', expect.stringContaining('The disk is full')]);
      expect(store.events('k3f9')).toHaveLength(written);
      refusalOf(() => store.append('k3f9', logged('y'.repeat(9000)), 21, fence));
      expect(store.events('k3f9')).toHaveLength(written);

      rmSync(ballast);
      expect(store.append('k3f9', logged('room'), 22, fence).seq).toBe(written + 1);
    },
  );

  test.skipIf(!canMount)('a disk mounted read-only must still be readable, and writing refused', () => {
    const dir = smallDisk('2m');
    const store = openStore(dir);
    const { fence } = begin(store, 'k3f9');
    store.close();
    remount(dir, 'ro');
    expect(refusalOf(() => openStore(dir).append('k3f9', created(), 1, fence)).reason).toBe('unavailable');
    const reader = openStoreForReading(dir);
    expect(reader?.events('k3f9')).toHaveLength(2);
    reader?.close();
  });
});
