import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Defect } from '../../src/errors.ts';
import { noReleases, storeReleases } from '../../src/history/releases.ts';
import { openStore } from '../../src/history/sqlite.ts';
import type { Release } from '../../src/runner/contract.ts';
import { begin, refusalOfAsync, release, stack, tempDir } from './history-fixtures.ts';

const files = { config: Buffer.from('{"services":{}}'), 'inspects/../x': Buffer.from([0, 255]) };

function opened(dir = tempDir()) {
  const store = openStore(dir);
  onTestFinished(store.close);
  return { dir, store, releases: storeReleases(store, dir, stack) };
}

function bare(id: string): Omit<Release, 'files'> {
  const { files: _, ...rest } = release(id);
  return rest;
}

test('a release must be listed newest first, and its files be read back, privately kept', async () => {
  const { dir, releases } = opened();
  const found = await releases.write(bare('found'), files);
  const r1 = await releases.write(bare('r1'), {});
  expect(await releases.list()).toEqual([r1, found]);
  expect(Buffer.from(await releases.read(found, 'config'))).toEqual(files.config);
  expect(Buffer.from(await releases.read(found, 'inspects/../x'))).toEqual(files['inspects/../x']);
  const path = join(dir, 'releases', 'E%3A1', 'shop', 'found');
  expect(found.files).toEqual({ config: join(path, 'config'), 'inspects/../x': join(path, 'inspects%2F..%2Fx') });
  expect([path, join(path, 'config')].map((place) => statSync(place).mode & 0o777)).toEqual([0o700, 0o600]);
});

test('releases must be found again after the state folder has moved', async () => {
  const parent = tempDir();
  const [before, after] = [join(parent, 'a'), join(parent, 'b')];
  mkdirSync(before);
  const { store, releases } = opened(before);
  await releases.write(bare('r1'), files);
  store.close();
  renameSync(before, after);
  const [moved] = await opened(after).releases.list();
  expect(moved && Buffer.from(await releases.read(moved, 'config'))).toEqual(files.config);
});

test('stacks of one name on two engines must not see each other’s releases', async () => {
  const { dir, store, releases } = opened();
  await releases.write(bare('r1'), files);
  const other = storeReleases(store, dir, { engine_id: 'E:2', project: 'shop' });
  expect([await other.list(), await other.nextId()]).toEqual([[], 'r1']);
});

test('numbers must go up, and one that was given must not be given again', async () => {
  const { store, releases } = opened();
  expect(await releases.nextId()).toBe('r1');
  await releases.write(bare('found'), {});
  expect(await releases.nextId()).toBe('r1');
  for (const id of ['r9', 'r10']) await releases.write(bare(id), {});
  expect(await releases.nextId()).toBe('r11');
  const { fence } = begin(store, 'k3f9');
  store.append('k3f9', { type: 'release.recorded', release: 'r11' }, 12, fence);
  expect(await releases.nextId()).toBe('r12');
});

test('removing one must take its record and its files, and nothing else', async () => {
  const { dir, releases } = opened();
  for (const id of ['r1', 'r2']) await releases.write(bare(id), files);
  await releases.remove('r1');
  await releases.remove('r1');
  expect((await releases.list()).map(({ id }) => id)).toEqual(['r2']);
  expect(readdirSync(join(dir, 'releases', 'E%3A1', 'shop'))).toEqual(['r2']);
});

test('a folder that a killed run left without a record must give way, a recorded release never', async () => {
  const { dir, releases } = opened();
  const leftover = join(dir, 'releases', 'E%3A1', 'shop', 'r1');
  mkdirSync(leftover, { recursive: true });
  writeFileSync(join(leftover, 'half'), 'x');
  const r1 = await releases.write(bare('r1'), files);
  expect(existsSync(join(leftover, 'half'))).toBe(false);
  await expect(releases.write(bare('r1'), {})).rejects.toThrow(Defect);
  expect(Buffer.from(await releases.read(r1, 'config'))).toEqual(files.config);
});

test('one that cannot be written must leave no record', async () => {
  const { dir, releases } = opened();
  writeFileSync(join(dir, 'releases'), 'a file in the way');
  const refusal = await refusalOfAsync(releases.write(bare('r1'), files));
  expect([refusal.reason, await releases.list()]).toEqual(['unavailable', []]);
});

test('F44 a release whose file is gone must be a sentence before anything is done with it', async () => {
  const { releases } = opened();
  const r1 = await releases.write(bare('r1'), files);
  rmSync(dirname(r1.files['config'] ?? ''), { recursive: true });
  const refusal = await refusalOfAsync(releases.read(r1, 'config'));
  expect([refusal.reason, refusal.message]).toEqual([
    'unavailable',
    expect.stringMatching(/^Release r1 cannot be used: .* is gone\.$/),
  ]);
  await expect(releases.read(r1, 'nothing')).rejects.toThrow(Defect);
});

test('where there is no history there must be no releases', async () => {
  expect(await noReleases.list()).toEqual([]);
});

test('a release that was put back must say so, keep its files and its place, and lose the note again', async () => {
  const { releases } = opened();
  const first = await releases.write(bare('r1'), files);
  const second = await releases.write(bare('r2'), {});
  const restored = { at: 9, run: 'k3f9', contents: { 'config page': 'x' }, hashes: { web: 'h' } };
  await releases.markRestored('r1', restored);
  expect(await releases.list()).toEqual([second, { ...first, restored }]);
  await releases.markRestored('r1', undefined);
  expect(await releases.list()).toEqual([second, first]);
  expect((await refusalOfAsync(releases.markRestored('r7', restored))).reason).toBe('unavailable');
});
