import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/cli/clock.ts';
import { endLeftPrograms, RUN_MARK } from '../../src/history/left-programs.ts';

const folder = `/run-of-${process.pid}`;

/** A program in a process group of its own, as runs start them; ready when it has said so. */
async function program(script: string, run: string): Promise<ChildProcess> {
  const env = { ...process.env, [RUN_MARK]: run };
  const child = spawn('bash', ['-c', script], { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

describe.runIf(existsSync('/proc/self/environ'))('what a killed run left going', () => {
  test('must be ended, also what ignores the first word, and nothing of another run', async () => {
    const left = await program('echo ready; sleep 60', folder);
    const deaf = await program(`trap '' TERM; echo ready; while :; do sleep 1; done`, folder);
    const other = await program('echo ready; sleep 60', `${folder}-2`);
    const gone = Promise.all([once(left, 'exit'), once(deaf, 'exit')]);
    await endLeftPrograms(folder, systemClock);
    await gone;
    expect([isGone(left), isGone(deaf), isGone(other)]).toEqual([true, true, false]);
  });

  test('must not be taken for what an ended step was meant to leave behind', async () => {
    const step = await program('sleep 60 </dev/null >/dev/null & echo $!', folder);
    if (!isGone(step)) await once(step, 'exit');
    await endLeftPrograms(folder, systemClock);
    expect(process.kill(-(step.pid ?? 0), 0)).toBe(true);
    process.kill(-(step.pid ?? 0), 'SIGKILL');
  });

  test('must cost no time where there is nothing', async () => {
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error('it must not wait')) };
    await expect(endLeftPrograms(`${folder}-3`, clock)).resolves.toBeUndefined();
  });
});
