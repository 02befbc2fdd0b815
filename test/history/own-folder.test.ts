import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keepEvidence } from '../../src/history/evidence.ts';
import { ensureKey } from '../../src/history/install-key.ts';
import { fileReceipts } from '../../src/history/receipts.ts';
import { storeReleases } from '../../src/history/releases.ts';
import { freezeCompose } from '../../src/history/run-files.ts';
import { clearHalfMade, createRunFolder } from '../../src/history/run-folder.ts';
import { openStore, openStoreForReading } from '../../src/history/sqlite.ts';
import { createStateDir } from '../../src/history/state-dir.ts';
import { begin, refusalOf, release, stack, tempDir } from './history-fixtures.ts';

const uid = process.getuid?.();
const other = 12_345;
const isRoot = uid === 0;

describe('whatever the umask, only the owner may read what lies in the state folder, and the owner must be able to', () => {
  test.each([0, 0o022, 0o077, 0o777])('%o', async (umask) => {
    const dir = join(tempDir(), 'above', 'state');
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    createStateDir(dir, uid);
    const key = ensureKey(dir);
    const store = openStore(dir);
    const folder = await createRunFolder(dir, 'k3f9');
    await freezeCompose(folder, '{}');
    await keepEvidence(folder, 'web.log', 'x');
    await fileReceipts(folder, key).write('up', 1, {});
    begin(store, 'k3f9');
    await storeReleases(store, dir, stack).write(release('r1'), { 'compose.json': Buffer.from('{}') });
    const files = readdirSync(join(dir, '..'), { recursive: true, encoding: 'utf8' });
    expect(files.length).toBeGreaterThan(12);
    expect(files.filter((name) => /-(wal|shm)$/.test(name))).toHaveLength(2);
    const modes = files.map((name) => {
      const seen = statSync(join(dir, '..', name));
      return [name, seen.mode & 0o7777, seen.isDirectory() ? 0o700 : 0o600];
    });
    expect(modes.filter(([, mode, wanted]) => mode !== wanted)).toEqual([]);
    store.close();
  });
});

describe('a state folder must be refused where', () => {
  const cases: [what: string, prepare: (dir: string, base: string) => void, says: string][] = [
    ['everybody may write to it', (dir) => chmodSync(dir, 0o777), 'can be written to by others (mode 0777)'],
    ['everybody may write to it, sticky or not', (dir) => chmodSync(dir, 0o1777), 'mode 1777'],
    ['its group may write to it', (dir) => chmodSync(dir, 0o770), 'mode 0770'],
    ['everybody may replace it', (_dir, base) => chmodSync(base, 0o777), 'everybody may write to'],
    ['the history is a link', (dir) => symlinkSync('/etc/passwd', join(dir, 'history.db')), 'history.db is a link'],
    ['the key is a link', (dir) => symlinkSync('/etc/passwd', join(dir, 'key')), 'key is a link'],
    ['the folder of runs is a link', (dir, base) => symlinkSync(base, join(dir, 'runs')), 'runs is a link'],
    ['the folder of releases is a link', (dir, base) => symlinkSync(base, join(dir, 'releases')), 'releases is a link'],
  ];
  test.each(cases)('%s', (_what, prepare, says) => {
    const base = tempDir();
    const dir = join(base, 'state');
    mkdirSync(dir, { mode: 0o700 });
    prepare(dir, base);
    const refusal = refusalOf(() => createStateDir(dir, uid));
    expect(refusal.reason).toBe('unavailable');
    expect(refusal.message).toContain(says);
    expect(refusal.hint).toContain('--state-dir');
  });

  const foreign: typeof cases = [
    ['it belongs to somebody else', (dir) => chownSync(dir, other, other), 'belongs to another user (12345)'],
    [
      'the history does',
      (dir) => {
        writeFileSync(join(dir, 'history.db'), '');
        chownSync(join(dir, 'history.db'), other, other);
      },
      'history.db belongs to another user',
    ],
  ];
  test.runIf(isRoot).each(foreign)('%s', (_what, prepare, says) => {
    const dir = join(tempDir(), 'state');
    mkdirSync(dir, { mode: 0o700 });
    prepare(dir, dir);
    expect(refusalOf(() => createStateDir(dir, uid)).message).toContain(says);
  });

  test.runIf(isRoot).each([
    ['a folder above it belongs to somebody else, who could put another in its place', false],
    ['so it does where everybody may add to that folder', true],
  ])('%s', (_what, sticky) => {
    const above = join(tempDir(), 'theirs');
    mkdirSync(above, { recursive: true, mode: 0o700 });
    if (sticky) chmodSync(above, 0o1777);
    chownSync(above, other, other);
    const say = `can be replaced by others: ${above} belongs to another user (12345)`;
    const refused = () => refusalOf(() => createStateDir(join(above, 'between', 'state'), uid)).message;
    expect(refused()).toContain(say);
    expect(readdirSync(above)).toEqual([]);
    mkdirSync(join(above, 'between', 'state'), { recursive: true, mode: 0o700 });
    expect(refused()).toContain(say);
  });

  test.runIf(isRoot)('its path leads over a link of somebody else', () => {
    const base = tempDir();
    mkdirSync(join(base, 'mine', 'state'), { recursive: true, mode: 0o700 });
    symlinkSync(join(base, 'mine'), join(base, 'link'));
    createStateDir(join(base, 'link', 'state'), uid);
    lchownSync(join(base, 'link'), other, other);
    const { message } = refusalOf(() => createStateDir(join(base, 'link', 'state'), uid));
    expect(message).toContain(`${join(base, 'link')} is a link that belongs to another user`);
  });

  test.runIf(isRoot)('it is a link that somebody else has put there, even to a folder of our own', () => {
    const base = tempDir();
    mkdirSync(join(base, 'mine'), { mode: 0o700 });
    symlinkSync(join(base, 'mine'), join(base, 'state'));
    createStateDir(join(base, 'state'), uid);
    lchownSync(join(base, 'state'), other, other);
    expect(refusalOf(() => createStateDir(join(base, 'state'), uid)).message).toContain('is a link that belongs to');
    expect(readdirSync(join(base, 'mine'))).toEqual([]);
  });
});

test.each([
  ['a link that leads round', (base: string) => symlinkSync(join(base, 'state'), join(base, 'state')), 'state'],
  ['a name that no folder can have', () => undefined, 'x'.repeat(300)],
])('%s must be told of, to whoever reads and to whoever writes', (_what, prepare, name) => {
  const base = tempDir();
  prepare(base);
  const dir = join(base, name);
  for (const use of [() => createStateDir(dir, uid), () => openStoreForReading(dir)])
    expect(refusalOf(use)).toMatchObject({ reason: 'unavailable', message: expect.stringContaining(dir) });
});

test('what others may read of a folder that was put back from a backup must be closed for them', () => {
  const dir = join(tempDir(), 'state');
  mkdirSync(join(dir, 'runs'), { recursive: true, mode: 0o755 });
  writeFileSync(join(dir, 'key'), 'x'.repeat(32), { mode: 0o644 });
  createStateDir(dir, uid);
  expect(statSync(join(dir, 'key')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'runs')).mode & 0o777).toBe(0o700);
});

test('what a killed process had half made in the folder of its run must go, and nothing else', async () => {
  const folder = await createRunFolder(tempDir(), 'k3f9');
  mkdirSync(join(folder, 'contents-aB3dEf'));
  const files = ['contents-aB3dEf/content', 'receipts/0001-up.json.0123456789ab.tmp', 'receipts/0001-up.json', 'a.tmp'];
  for (const file of files) writeFileSync(join(folder, file), 'x');
  await clearHalfMade(folder);
  expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(
    ['a.tmp', 'evidence', 'receipts', 'receipts/0001-up.json'].toSorted(),
  );
});
