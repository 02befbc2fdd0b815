import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { persistFile } from '../../../../runners/clients/edge/persist-file.ts';
import { readShared, writeShared } from '../../../../runners/clients/edge/shared-file.ts';

let folder: string;
let shared: string;
let other: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playbook-shared-'));
  shared = join(folder, 'servers.conf');
  other = join(folder, 'of-the-host');
  writeFileSync(other, 'of the host');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that is shared with a proxy must be written in place, and be empty until it is there', async () => {
  expect(await readShared(shared)).toBe('');
  await writeShared(shared, 'a longer text');
  const { ino } = lstatSync(shared);
  await writeShared(shared, 'short');
  expect([await readShared(shared), lstatSync(shared).ino]).toEqual(['short', ino]);
});

test.each([
  ['a link', () => symlinkSync(other, shared)],
  ['a link to what is not there', () => symlinkSync(join(folder, 'new'), shared)],
  ['a pipe', () => execFileSync('mkfifo', [shared])],
])('%s that a container has put in its place must be neither read nor written', async (_what, put) => {
  put();
  await expect(readShared(shared)).rejects.toThrow('is a link or no file');
  await expect(writeShared(shared, 'x')).rejects.toThrow('is a link or no file');
  expect(readFileSync(other, 'utf8')).toBe('of the host');
  expect(() => lstatSync(join(folder, 'new'))).toThrow('ENOENT');
});

test('what is written for the restart of a proxy must not follow links either, and replace them', async () => {
  symlinkSync(other, shared);
  symlinkSync(other, `${shared}.k3f9`);
  await persistFile(shared, 'the servers', { run: 'k3f9' });
  expect(readFileSync(other, 'utf8')).toBe('of the host');
  expect([lstatSync(shared).isFile(), readFileSync(shared, 'utf8')]).toEqual([true, 'the servers']);
});
