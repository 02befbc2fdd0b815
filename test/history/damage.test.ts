import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../src/errors.ts';
import { historyFaults } from '../../src/history/integrity.ts';
import { openStore, openStoreForReading } from '../../src/history/sqlite.ts';
import type { Store } from '../../src/history/store.ts';
import { begin, created, logged, refusalOf, release, stack, tempDir } from './history-fixtures.ts';

const RUNS = ['aaaa', 'bbbb', 'cccc'];

/** Three runs, the last of them under way, in a file of some twenty pages. */
function fill(dir: string): { store: Store; fence: number } {
  const store = openStore(dir);
  let fence = 0;
  for (const run of RUNS) {
    const lease = begin(store, run);
    for (let n = 0; n < 25; n += 1) store.append(run, logged(`${n} ${'x'.repeat(200)}`), 20, lease.fence);
    fence = lease.fence;
    if (run === 'cccc') break;
    store.append(run, { type: 'run.ended', status: 'succeeded', say: 'done' }, 30, lease.fence);
    store.release(lease);
  }
  store.saveRelease(release('r1'));
  return { store, fence };
}

let whole: Buffer;
let everything: string;
beforeAll(() => {
  const dir = mkdtempSync(join(tmpdir(), 'playbook-history-'));
  fill(dir).store.close();
  whole = readFileSync(join(dir, 'history.db'));
  everything = read(dir);
  rmSync(dir, { recursive: true });
});

function read(dir: string): string {
  const store = openStoreForReading(dir);
  if (!store) return 'there is none';
  try {
    const journals = store.runs().map(({ run }) => store.events(run));
    const { engine_id, project } = stack;
    return JSON.stringify([
      store.runs(),
      journals,
      store.lease(engine_id, project),
      store.releases(engine_id, project),
    ]);
  } finally {
    store.close();
  }
}

function write(dir: string): string {
  const store = openStore(dir);
  try {
    const lease = store.lease(stack.engine_id, stack.project);
    store.append('cccc', logged('more'), 40, lease?.fence ?? 0);
    return 'written';
  } finally {
    store.close();
  }
}

/** What it gave, or its refusal as a text; whatever else it threw is thrown. */
function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.hint?.endsWith('.')) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

/** Puts a file in place of the history, and looks at it, reads it, and writes to it as a run would. */
function met(bytes: Buffer): { read: string; faults: string; written: string } {
  const dir = tempDir();
  writeFileSync(join(dir, 'history.db'), bytes);
  const seen = { read: outcome(() => read(dir)), faults: outcome(() => historyFaults(dir).join(' ')) };
  return { ...seen, written: outcome(() => write(dir)) };
}

const named = /^unavailable: .*(damaged|newer playbook|read-only)/;

describe('a damaged file must never be crashed on, nor read as something else without a word:', () => {
  test('cut at any page, and within one', () => {
    const cuts = Array.from({ length: Math.floor(whole.length / 4096) }, (_, page) => [
      page * 4096,
      page * 4096 + 1777,
    ]);
    for (const size of cuts.flat().filter((each) => each > 0)) {
      const { read: seen, faults, written } = met(whole.subarray(0, size));
      expect([size, seen]).toEqual([size, expect.stringMatching(named)]);
      expect([size, faults]).toEqual([size, expect.stringMatching(named)]);
      expect([size, written]).toEqual([size, expect.stringMatching(/^written$|^unavailable: .*damaged/)]);
    }
  });

  test('with a byte changed anywhere: in its head, its schema, its pages', () => {
    const places = Array.from({ length: whole.length }, (_, at) => at);
    const chosen = places.filter((at) => (at < 110 ? at % 3 === 0 : at % (at < 5000 ? 67 : 397) === 0));
    let noticed = 0;
    for (const at of chosen) {
      const bytes = Buffer.from(whole);
      bytes[at] = 0xff ^ (bytes[at] ?? 0);
      const { read: seen, faults, written } = met(bytes);
      const noticedBy = [named.test(seen), faults !== ''];
      expect([at, seen === everything || noticedBy.includes(true)]).toEqual([at, true]);
      expect([at, written]).toEqual([at, expect.stringMatching(/^written$|^(unavailable|locked): /)]);
      if (noticedBy.includes(true)) noticed += 1;
    }
    // What is left are pages that are free, room in pages, and texts that nobody reads.
    expect(noticed).toBeGreaterThan(chosen.length / 3);
  });

  test('filled with rubbish from any page on', () => {
    for (let from = 4096; from < whole.length; from += 4096) {
      const bytes = Buffer.concat([whole.subarray(0, from), Buffer.alloc(whole.length - from, 0xa5)]);
      const { read: seen, faults } = met(bytes);
      expect([from, named.test(seen) || faults !== '']).toEqual([from, true]);
    }
  });
});

describe('a log that was cut or changed must give what was committed before, without holes:', () => {
  /** The history of a process that was killed: its log is still beside it. */
  function killed(): { file: Buffer; log: Buffer } {
    const dir = tempDir();
    const { store } = fill(dir);
    const [file, log] = ['history.db', 'history.db-wal'].map((name) => readFileSync(join(dir, name)));
    store.close();
    return { file: file ?? Buffer.alloc(0), log: log ?? Buffer.alloc(0) };
  }

  function recovered(file: Buffer, log: Buffer): string {
    const dir = tempDir();
    writeFileSync(join(dir, 'history.db'), file);
    writeFileSync(join(dir, 'history.db-wal'), log);
    return outcome(() => {
      // `events` refuses a hole; the one that is written next must follow.
      const store = openStore(dir);
      const rows = store.runs();
      for (const { run } of rows) store.events(run);
      store.close();
      expect(historyFaults(dir)).toEqual([]);
      return rows.length === 0 ? 'empty' : 'a beginning';
    });
  }

  test('cut at any place', () => {
    const { file, log } = killed();
    const seen = new Set<string>();
    for (let size = 0; size < log.length; size += 4999) seen.add(recovered(file, log.subarray(0, size)));
    expect([...seen].toSorted()).toEqual(['a beginning', 'empty']);
  });

  test('with a byte changed anywhere', () => {
    const { file, log } = killed();
    const seen = new Set<string>();
    for (let at = 0; at < log.length; at += 4999) {
      const bytes = Buffer.from(log);
      bytes[at] = 0xff ^ (bytes[at] ?? 0);
      seen.add(recovered(file, bytes));
    }
    expect([...seen].toSorted()).toEqual(['a beginning', 'empty']);
  });
});

describe('what is not as this program makes it must be named:', () => {
  const changes: [what: string, sql: string, say: string][] = [
    ...['runs', 'events', 'leases', 'cancels', 'releases', 'measurements', 'retired_runs'].map(
      (table): [string, string, string] => [
        `no table ${table}`,
        `PRAGMA foreign_keys = OFF; DROP TABLE ${table}`,
        'are not those of its format',
      ],
    ),
    ['a column that is gone', 'ALTER TABLE cancels RENAME COLUMN at TO since', 'are not those of its format'],
    ['a format of the future', 'PRAGMA user_version = 99', 'written by a newer playbook (format 99'],
    ['no format', 'PRAGMA user_version = 0', 'has tables, but no format'],
    ['a format before the first', 'PRAGMA user_version = -3', 'has tables, but no format'],
    [
      'an event that is no JSON, under a right sum',
      `DROP TRIGGER events_are_never_changed; UPDATE events SET json = '{', checksum = ${crc32('bbbb 4 20 {')} WHERE run = 'bbbb' AND seq = 4`,
      'event 4 of run bbbb does not read as it was written',
    ],
    [
      'a row that says something else',
      `UPDATE runs SET json = replace(json, 'succeeded', 'running') WHERE run = 'aaaa'`,
      'the row of run aaaa does not read as it was written',
    ],
    [
      'a row in the wrong place',
      `UPDATE runs SET status = 'running' WHERE run = 'aaaa'`,
      'the row of run aaaa does not fit the list',
    ],
    [
      'a holder that cannot be read',
      `UPDATE leases SET holder = '{'`,
      'who holds shop does not read as it was written',
    ],
    [
      'a release that says something else',
      `UPDATE releases SET json = replace(json, '2.26.1', '2.26.2')`,
      'release r1 of shop does not read as it was written',
    ],
  ];
  test.each(changes)('%s', (_what, sql, say) => {
    const dir = tempDir();
    writeFileSync(join(dir, 'history.db'), whole);
    const db = new DatabaseSync(join(dir, 'history.db'));
    db.exec(sql);
    db.close();
    expect(outcome(() => read(dir))).toMatch(/^unavailable: /);
    expect(outcome(() => read(dir))).toContain(say);
    expect(outcome(() => write(dir))).toMatch(/^written$|^unavailable: /);
  });

  test('events of a run that has no row', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'history.db'), whole);
    const db = new DatabaseSync(join(dir, 'history.db'));
    db.exec("PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE run = 'aaaa'");
    db.close();
    const store = openStore(dir);
    expect(refusalOf(() => store.append('aaaa', created(), 1, 0)).message).toContain('run aaaa has events, and no row');
    store.close();
  });
});

test('looking at a damaged file must leave it as it is', () => {
  const dir = tempDir();
  const file = join(dir, 'history.db');
  writeFileSync(file, whole.subarray(0, 30_000));
  copyFileSync(file, join(dir, 'before'));
  outcome(() => read(dir));
  outcome(() => historyFaults(dir).join());
  expect(readFileSync(file).equals(readFileSync(join(dir, 'before')))).toBe(true);
  expect([readdirSync(dir).includes('before'), existsSync(join(dir, 'runs'))]).toEqual([true, false]);
});
