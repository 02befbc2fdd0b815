import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../runners/clients/program.ts';
import { isRunning } from '../../support/is-running.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playbook-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A wrapper as people put in front of `docker`: it starts another program, which holds its output open. */
function wrapper(script: string): string {
  const file = join(folder, 'docker');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const env = { PATH: '/usr/bin:/bin' };
const pids = (): number[] => readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
const started = (): Promise<unknown> =>
  until('it runs', () => {
    try {
      return pids().length === 2;
    } catch {
      return false;
    }
  });

const HANGS = `echo $$ >>pids; sh -c 'echo $$ >>pids; exec sleep 600'; echo after`;

describe('a program that hangs behind another one', () => {
  test('must be gone when its call is cancelled', async () => {
    const cancel = new AbortController();
    const call = runProgram(wrapper(HANGS), [], { env, cwd: folder, signal: cancel.signal, onLine: () => {} });
    await started();
    cancel.abort(new Error('as asked'));
    await expect(call).rejects.toThrow('as asked');
    expect(pids().filter(isRunning)).toEqual([]);
  });

  test('must be gone when its time is over, and the result say so', async () => {
    const never = new AbortController().signal;
    const ended = await runProgram(wrapper(HANGS), [], { env, cwd: folder, signal: never, timeout: 500 });
    expect(ended).toMatchObject({ timedOut: true, exitCode: 128 });
    expect(pids().filter(isRunning)).toEqual([]);
  });
});

test('arguments must arrive as they stand, whatever a shell would make of them', async () => {
  const evil = ['$(touch x)', '`touch y`', '; touch z', '--help', '\n', '*', "'"];
  const never = new AbortController().signal;
  const ended = await runProgram('printf', ['%s|', ...evil], { env, cwd: folder, signal: never });
  expect(ended.stdout).toBe(`${evil.join('|')}|`);
});
