import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { isRunning } from '../support/is-running.ts';
import { mustLeaveNothing, thingsOf } from '../support/nothing-left.ts';
import { commandOnTerminal, type OnTerminal, onTerminal } from '../support/pty.ts';
import { cli, node24, startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = `
services:
  web:
    image: $PROJECT/web:\${TAG:-1}
    environment: { NAME: web }
`;

/** It fails when told to, a moment after version 2 has come up, so that the way back runs with nobody there. */
const PLAYBOOK = `
playbook: v1
name: lost
inputs: { wait_for: { type: string }, then: { type: string, default: exit 0 } }
steps:
  - { id: up, uses: compose.up }
  - id: gate
    uses: shell.run
    with:
      script: 'touch reached; while [ ! -e "$FILE" ]; do sleep 0.1; done; eval "$THEN"'
      env: { FILE: '{{inputs.wait_for}}', THEN: '{{inputs.then}}' }
    undo: none
    because: it only waits
`;

const LOST = ['run', './lost.yml', '--yes'];
const inputs = (then: string): string[] => ['-i', 'wait_for=go', '-i', `then=${then}`];

/** A run that has replaced `web` and waits for the file `go`. */
async function withRun(
  then: string,
  body: (stack: TestStack, run: OnTerminal) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  await withStack('terminal', { 'compose.yml': compose, 'lost.yml': PLAYBOOK }, async (stack) => {
    await startOld(stack);
    const env = { ...stack.env, TAG: '2' };
    const run = await onTerminal([...LOST, ...inputs(then), ...more], {
      cwd: stack.folder,
      stateDir: stack.stateDir,
      env,
    });
    try {
      await reached(stack);
      await body(stack, run);
    } finally {
      run.resume();
      await run.close();
    }
  });
}

async function startOld(stack: TestStack): Promise<void> {
  await stack.image('web:1', '1');
  await stack.image('web:2', '2');
  await stack.compose(['up', '-d', '--wait']);
}

const reached = (stack: TestStack): Promise<unknown> =>
  until('the gate is reached', () => existsSync(join(stack.folder, 'reached')));

const newest = async (stack: TestStack): Promise<{ id: string; status: string }> =>
  ((await stack.playbook(['history', '--json'])).json() as { id: string; status: string }[])[0] ?? {
    id: '',
    status: '',
  };

/** Every event from the first to the last, without a gap. */
async function mustBeWhole(stack: TestStack, id: string): Promise<void> {
  const events = (await stack.playbook(['show', id, '--events', '--json'])).lines();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)).toMatchObject({ type: 'run.ended' });
}

describe('a run on a terminal', () => {
  test('must go on to its end when the window is closed', () =>
    withRun('exit 0', async (stack, run) => {
      await run.close();
      await stack.write('go', '');
      await until('it has ended', () => !isRunning(run.pid));
      const { id, status } = await newest(stack);
      expect(status).toBe('succeeded');
      await mustBeWhole(stack, id);
    }));

  test('must put everything back when it fails after the window was closed', () =>
    withRun('exit 1', async (stack, run) => {
      const before = await thingsOf(stack);
      await run.close();
      await stack.write('go', '');
      await until('it has ended', () => !isRunning(run.pid));
      const { id, status } = await newest(stack);
      expect(status).toBe('rolled-back');
      await mustBeWhole(stack, id);
      expect((await stack.state()).tags[`${stack.project}/web:1`]).toBeDefined();
      await mustLeaveNothing(stack, before, /^container/);
    }));

  test('must not stand still when nobody reads the terminal any more, as after a cut connection', () =>
    withRun(
      // Far more than the kernel keeps for a reader.
      'seq 1 20000; exit 1',
      async (stack, run) => {
        run.stall();
        await stack.write('go', '');
        await until('it has been put back', async () => (await newest(stack)).status === 'rolled-back');
        await mustBeWhole(stack, (await newest(stack)).id);
        run.resume();
        expect(await run.ended).toBe(4);
        expect(run.shown()).toContain('"run.ended"');
      },
      ['--json'],
    ));

  test('must put everything back on Ctrl-C, and exit 130', () =>
    withRun('exit 0', async (stack, run) => {
      run.type('\u0003');
      expect(await run.ended).toBe(130);
      const { id, status } = await newest(stack);
      expect(status).toBe('cancelled');
      await mustBeWhole(stack, id);
      expect(Object.keys(putBack(await stack.state()).containers)).toHaveLength(1);
    }));
});

test('a closed pipe must lose nothing with --json either', () =>
  withStack('pipe', { 'compose.yml': compose, 'lost.yml': PLAYBOOK }, async (stack) => {
    await startOld(stack);
    const env = { ...stack.env, TAG: '2', PLAYBOOK_LOG: 'trace' };
    const options = { cwd: stack.folder, stateDir: stack.stateDir, env };
    const run = startPlaybook([...LOST, '--json', ...inputs('exit 1')], options);
    await reached(stack);
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    await stack.write('go', '');
    await until('it has ended', () => run.child.exitCode !== null);
    expect(run.child.exitCode).toBe(4);
    await mustBeWhole(stack, (await newest(stack)).id);
  }));

describe('a run that a git hook has started', () => {
  const git = (folder: string, ...args: string[]): Promise<string> =>
    mustRun('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args]);

  /** The hook writes down how the command ended and what git has told the programs of the run. */
  async function pushInto(stack: TestStack): Promise<{ work: string }> {
    const [bare, work] = [join(stack.folder, '../bare.git'), join(stack.folder, '../work')];
    for (const folder of [bare, work]) await mkdir(folder);
    await git(bare, 'init', '--quiet', '--bare', '-b', 'main');
    await git(work, 'init', '--quiet', '-b', 'main');
    await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'first');
    const words = [node24, cli, 'run', join(stack.folder, 'lost.yml'), '--yes', ...inputs('env >seen; exit 0')];
    const place = ['--project-directory', stack.folder, '--state-dir', stack.stateDir];
    const hook = [...words, ...place].map((word) => `'${word}'`).join(' ');
    await writeFile(join(bare, 'hooks/post-receive'), `#!/bin/sh\n${hook}\necho $? >${stack.folder}/code\n`, {
      mode: 0o755,
    });
    return { work };
  }

  test('must go on when the pusher types Ctrl-C and the connection is lost, and be told nothing by git', () =>
    withStack('hook', { 'compose.yml': compose, 'lost.yml': PLAYBOOK }, async (stack) => {
      await startOld(stack);
      const { work } = await pushInto(stack);
      const env = { ...stack.env, TAG: '2' };
      const push = await commandOnTerminal(['git', '-C', work, 'push', '../bare.git', 'main'], { cwd: work, env });
      await reached(stack);
      push.type('\u0003');
      await push.close();
      expect((await newest(stack)).status).toBe('running');
      await stack.write('go', '');
      await until('it has ended', async () => (await newest(stack)).status !== 'running');
      const { id, status } = await newest(stack);
      expect(status).toBe('succeeded');
      await mustBeWhole(stack, id);
      expect(await readFile(join(stack.folder, 'seen'), 'utf8')).not.toContain('GIT_');
    }));

  test('must be followed to its end by the hook, with its output and its exit code', () =>
    withStack('hook', { 'compose.yml': compose, 'lost.yml': PLAYBOOK }, async (stack) => {
      await startOld(stack);
      await stack.write('go', '');
      const { work } = await pushInto(stack);
      const env = { ...stack.env, TAG: '2' };
      const push = await program('git', ['-C', work, 'push', '../bare.git', 'main'], { env });
      expect(push).toMatchObject({ code: 0, stderr: expect.stringMatching(/remote: .*gate/) });
      expect(await readFile(join(stack.folder, 'code'), 'utf8')).toBe('0\n');
    }));
});

async function mustRun(file: string, args: readonly string[]): Promise<string> {
  const ended = await program(file, args);
  if (ended.code !== 0) throw new Error(`${file} ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}
