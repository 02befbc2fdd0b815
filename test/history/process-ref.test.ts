import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, isAncestor, thisProcess } from '../../src/history/process-ref.ts';

test('this process must know itself, and be known as alive', () => {
  const me = thisProcess();
  expect(me).toEqual({
    pid: process.pid,
    host: hostname(),
    started: expect.stringMatching(/^\d+$/),
    boot: expect.stringMatching(/^[0-9a-f-]{36}\/\d+$/),
  });
  expect(thisProcess()).toEqual(me);
  expect(isAlive(me)).toBe(true);
});

test('a process that got the number of another must not pass for it', () => {
  expect(isAlive({ ...thisProcess(), started: '1' })).toBe(false);
});

test('a process from before the last boot must be dead, its number taken again or not', () => {
  const [, numbering] = thisProcess().boot.split('/');
  expect(isAlive({ ...thisProcess(), boot: `00000000-0000-0000-0000-000000000000/${numbering}` })).toBe(false);
});

test('a process of another host, or of a container with its own numbers, must be unknown, never dead', () => {
  const me = thisProcess();
  const [boot] = me.boot.split('/');
  expect(isAlive({ ...me, host: 'elsewhere', pid: 999_999 })).toBe('unknown');
  expect(isAlive({ ...me, boot: `${boot}/1`, pid: 999_999 })).toBe('unknown');
});

test('a process that is there but does not show who it is must be unknown', () => {
  expect(isAlive({ ...thisProcess(), started: '' })).toBe('unknown');
});

test('a process that has ended must be dead, also while nobody has asked how', async () => {
  // The shell becomes `sleep`, which never asks how its child ended: a zombie.
  const shell = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const [said] = (await once(shell.stdout, 'data')) as [Buffer];
  const pid = Number(said);
  const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  await expect.poll(() => fields()[0]).toBe('Z');
  expect(isAlive({ ...thisProcess(), pid, started: fields()[19] ?? '' })).toBe(false);
});

test('who started this process must be known, however far above, and nobody else pass for it', () => {
  expect(isAncestor(thisProcess())).toBe(false);
  expect(isAncestor({ ...thisProcess(), pid: process.ppid, started: '1' })).toBe(false);
});
