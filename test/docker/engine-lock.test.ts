import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import { type StartedPlaybook, startPlaybook } from '../support/run-playbook.ts';
import { locksOf, type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = 'services: { app: { image: playbook-fixture/app:1 } }\n';

/** Two of these at the same time are seen in the file: `in`, `in`. It goes on for as long as there is a file `busy`. */
const book = (wait: string) => `playbook: v1
name: turns
lock: { wait: ${wait} }
steps:
  - id: turn
    uses: shell.run
    with: { argv: [sh, -c, 'echo in >>turns; sleep 0.2; while test -e busy; do sleep 0.05; done; echo out >>turns'] }
    undo: none
    because: it only writes into a file
  - id: next
    uses: shell.run
    with: { argv: [touch, next] }
    undo: none
    because: it only makes a file
`;

const FILES = { 'compose.yml': compose, 'turns.yml': book('0s'), 'waits.yml': book('1m') };
const withTurns = (body: (stack: TestStack) => Promise<void>): Promise<void> => withStack('lock', FILES, body);

/** A run with a history of its own, as another user has. */
function start(stack: TestStack, history: string, file = 'turns.yml'): StartedPlaybook {
  const options = { cwd: stack.folder, stateDir: `${stack.stateDir}-${history}`, env: stack.env };
  return startPlaybook(['run', file, '--yes', '--quiet'], options);
}

const path = ({ folder }: TestStack, name: string): string => join(folder, name);
const turns = (stack: TestStack): string[] =>
  existsSync(path(stack, 'turns')) ? readFileSync(path(stack, 'turns'), 'utf8').trim().split('\n') : [];
const lock = ({ project }: TestStack): string => `playbook-lock-${project}`;

/** Starts a run that is at work until `busy` is gone. */
async function atWork(stack: TestStack, history: string): Promise<StartedPlaybook> {
  await stack.write('busy', '');
  const before = turns(stack).length;
  const run = start(stack, history);
  await until(`${history} is at work`, () => turns(stack).length > before);
  return run;
}

const noLongerBusy = (stack: TestStack): void => rmSync(path(stack, 'busy'));

/** The lock of a run on another machine, of which nothing can be known here. */
async function heldByLaptop(stack: TestStack): Promise<void> {
  const said = { token: 't1', run: 'k3f9', playbook: 'deploy', user: 'ana', state_dir: '/home/ana/state', since: '0' };
  const labels = Object.entries({ ...said, pid: '42', host: 'laptop', started: '7', boot: 'b/1' });
  const given = labels.flatMap(([key, value]) => ['--label', `playbook.lock.${key}=${value}`]);
  await docker(['volume', 'create', '--label', `playbook.lock=${stack.project}`, ...given, lock(stack)]);
}

test(
  'of two runs with two histories, started at the same instant, 20 times one must work at a time',
  () =>
    withTurns(async (stack) => {
      const codes: number[][] = [];
      for (let round = 0; round < 20; round += 1) {
        const file = round % 4 === 3 ? 'waits.yml' : 'turns.yml';
        const both = await Promise.all(['ana', 'ben'].map((who) => start(stack, who, file).ended));
        codes.push(both.map(({ code }) => code).toSorted());
      }
      const waited = codes.filter((_, round) => round % 4 === 3);
      expect(waited).toEqual(waited.map(() => [0, 0]));
      expect(codes.flat().filter((code) => code !== 0 && code !== 7)).toEqual([]);
      expect(codes.filter(([best]) => best !== 0)).toEqual([]);
      const succeeded = codes.flat().filter((code) => code === 0).length;
      expect(turns(stack)).toEqual(Array.from({ length: succeeded }, () => ['in', 'out']).flat());
      expect(await locksOf(stack.project)).toEqual([]);
    }),
  600_000,
);

describe('a stack that is held', () => {
  test('must be refused to another history with who holds it, be shown, and be free when the run has ended', () =>
    withTurns(async (stack) => {
      const run = await atWork(stack, 'ana');
      const second = await start(stack, 'ben').ended;
      expect(second).toMatchObject({ code: 7 });
      expect(second.stderr).toMatch(
        new RegExp(`Run \\w+ \\(turns, .* holds ${stack.project} since .* process ${run.child.pid} on .* is at work`),
      );
      expect(second.stderr).toContain(`--state-dir ${stack.stateDir}-ana`);
      const asBen = { stateDir: `${stack.stateDir}-ben` };
      expect((await stack.playbook(['status'], asBen)).stdout).toContain(`holds ${stack.project}`);
      expect((await stack.playbook(['doctor', '--json'], asBen)).stdout).toContain(`holds ${stack.project}`);
      expect(await stack.playbook(['plan', 'turns.yml'], asBen)).toMatchObject({ code: 0 });
      expect(await stack.playbook(['unlock', '--yes'], asBen)).toMatchObject({ code: 7 });
      noLongerBusy(stack);
      expect(await run.ended).toMatchObject({ code: 0 });
      expect(await locksOf(stack.project)).toEqual([]);
    }));

  test('must be taken over from a killed run, also by another history', () =>
    withTurns(async (stack) => {
      const run = await atWork(stack, 'ana');
      run.child.kill('SIGKILL');
      await run.ended;
      noLongerBusy(stack);
      expect(await locksOf(stack.project)).toEqual([lock(stack)]);
      expect(await start(stack, 'ben').ended).toMatchObject({ code: 0 });
      expect(await locksOf(stack.project)).toEqual([]);
    }));

  test('by another machine must be refused, whoever asks, until somebody says that it shall be free', () =>
    withTurns(async (stack) => {
      await heldByLaptop(stack);
      const refused = await start(stack, 'ana').ended;
      expect(refused).toMatchObject({ code: 7 });
      expect(refused.stderr).toContain(
        'process 42 on laptop, and whether it is still at work cannot be seen from here',
      );
      expect(refused.stderr).toContain(`playbook unlock -p ${stack.project}`);
      expect(await stack.playbook(['unlock'])).toMatchObject({ code: 2 });
      expect(await locksOf(stack.project)).toEqual([lock(stack)]);
      expect(await stack.playbook(['unlock', '--yes', '--json'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"host": "laptop"'),
      });
      expect(await start(stack, 'ana').ended).toMatchObject({ code: 0 });
    }));
});

describe('a lock that is removed while a run is at work, as `docker volume prune -af` does,', () => {
  test('must be there again before anybody else can have it', () =>
    withTurns(async (stack) => {
      const run = await atWork(stack, 'ana');
      await docker(['volume', 'rm', lock(stack)]);
      await until('it is back', async () => (await locksOf(stack.project)).length === 1);
      expect(await start(stack, 'ben').ended).toMatchObject({ code: 7 });
      noLongerBusy(stack);
      expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
      expect(await locksOf(stack.project)).toEqual([]);
    }));

  test('and taken by another run first must stop its former holder, which changes nothing more', () =>
    withTurns(async (stack) => {
      const run = await atWork(stack, 'ana');
      run.child.kill('SIGSTOP');
      await docker(['volume', 'rm', lock(stack)]);
      const other = start(stack, 'ben');
      await until('the other is at work', () => turns(stack).length === 2);
      run.child.kill('SIGCONT');
      const stopped = await run.ended;
      expect(stopped.code).toBe(5);
      expect(stopped.stderr).toMatch(/no longer holds .* Run \w+ .* It stops here and changes nothing more/);
      expect(existsSync(path(stack, 'next'))).toBe(false);
      expect(await locksOf(stack.project)).toEqual([lock(stack)]);
      noLongerBusy(stack);
      expect(await other.ended).toMatchObject({ code: 0 });
      expect(await locksOf(stack.project)).toEqual([]);
    }));
});

test('unlock must give up a killed run of its own history, leave what it did, and let the next one run', () =>
  withTurns(async (stack) => {
    const run = await atWork(stack, 'ana');
    run.child.kill('SIGKILL');
    await run.ended;
    const asAna = { stateDir: `${stack.stateDir}-ana` };
    expect(await start(stack, 'ana').ended).toMatchObject({ code: 7 });
    const freed = (await stack.playbook(['unlock', '--yes', '--json'], asAna)).json() as { given_up: string[] };
    expect(freed.given_up).toHaveLength(1);
    expect((await stack.playbook(['history', '--json'], asAna)).json()).toMatchObject([{ status: 'failed' }]);
    noLongerBusy(stack);
    expect(await start(stack, 'ana').ended).toMatchObject({ code: 0 });
    expect((await stack.playbook(['unlock', '--yes'], asAna)).stdout).toBe(`Nobody holds ${stack.project}.\n`);
    expect(await locksOf(stack.project)).toEqual([]);
  }));
