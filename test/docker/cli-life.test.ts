import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { putBack } from '../support/engine-state.ts';
import { type StartedPlaybook, startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = `
services:
  web:
    image: $PROJECT/web:\${TAG:-1}
    environment: { NAME: web }
    ports: ['$PORT:8080']
    restart: unless-stopped
`;

const SHORT = ['-i', 'stable_for=0s', '-i', 'soak=0s'];

/** One service that runs since a while, by plain Compose. */
async function withWeb(body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack('life', { 'compose.yml': compose }, async (stack) => {
    await stack.image('web:1', '1');
    await stack.image('web:2', '2');
    await stack.compose(['up', '-d', '--wait']);
    await body(stack);
  });
}

/** A deploy of version 2 that has replaced the container and now soaks. */
async function inTheSoak(stack: TestStack): Promise<StartedPlaybook> {
  const env = { ...stack.env, TAG: '2' };
  const args = ['run', 'deploy-stack', '--yes', '--json', ...SHORT, '-i', 'soak=10m'];
  const started = startPlaybook(args, { cwd: stack.folder, stateDir: stack.stateDir, env });
  await until('the soak begins', () => /"step.started"[^\n]*"soak"/.test(started.output().stdout));
  return started;
}

async function runs(stack: TestStack): Promise<{ id: string; status: string }[]> {
  return (await stack.playbook(['history', '--json'])).json() as { id: string; status: string }[];
}

async function newest(stack: TestStack): Promise<{ id: string; status: string }> {
  return (await runs(stack))[0] ?? { id: '', status: 'none' };
}

const WAITING = `playbook: v1
name: waiting
lock: { wait: 2m }
steps:
  - { id: up, uses: compose.up }
`;

test('a run that waits for its turn must plan what it does after the wait, not before', () =>
  withWeb(async (stack) => {
    await stack.image('web:3', '3');
    await stack.write('waiting.yml', WAITING);
    const first = await inTheSoak(stack);
    const options = { cwd: stack.folder, stateDir: stack.stateDir, env: { ...stack.env, TAG: '3' } };
    const second = startPlaybook(['run', 'waiting.yml', '--yes'], options);
    await until('the second waits', () => second.output().stderr.includes('Waiting for it'));
    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    expect(await second.ended).toMatchObject({ code: 0 });
    expect((await runs(stack)).map(({ status }) => status)).toEqual(['succeeded', 'cancelled']);
  }));

describe('whoever stops a run', () => {
  test('by Ctrl-C must get everything back and exit 130', () =>
    withWeb(async (stack) => {
      const before = putBack(await stack.state());
      const run = await inTheSoak(stack);
      run.child.kill('SIGINT');
      expect(await run.ended).toMatchObject({ code: 130 });
      expect(putBack(await stack.state())).toEqual(before);
      expect((await newest(stack)).status).toBe('cancelled');
    }));

  test('by a second Ctrl-C must leave it as it is, with exit 5 and the command that puts it back', () =>
    withWeb(async (stack) => {
      const before = putBack(await stack.state());
      const run = await inTheSoak(stack);
      run.child.kill('SIGINT');
      await until('it says so', () => run.output().stderr.includes('Once more'));
      run.child.kill('SIGTERM');
      const { code, stderr } = await run.ended;
      const { id, status } = await newest(stack);
      expect({ code, status }).toEqual({ code: 5, status: 'interrupted' });
      expect(stderr).toContain(`playbook undo ${id}`);

      const undone = await stack.playbook(['undo', id], { cwd: '/' });
      expect(undone).toMatchObject({ code: 0 });
      expect(putBack(await stack.state())).toEqual(before);
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0 });
    }));

  test('from another terminal must be named, and one more cancel must not cut the way back', () =>
    withWeb(async (stack) => {
      const before = putBack(await stack.state());
      const run = await inTheSoak(stack);
      const { id } = await newest(stack);
      expect(await stack.playbook(['cancel', id])).toMatchObject({ code: 0 });
      expect((await stack.playbook(['cancel', id])).code).toBeOneOf([0, 2]);
      expect(await run.ended).toMatchObject({ code: 130 });
      expect(run.output().stdout).toContain('"cancel.asked"');
      expect(putBack(await stack.state())).toEqual(before);
      expect(await stack.playbook(['cancel', id])).toMatchObject({ code: 2 });
    }));
});

test('a lost terminal must lose nothing: neither SIGHUP nor a closed pipe stops the run', () =>
  withWeb(async (stack) => {
    const env = { ...stack.env, TAG: '2' };
    const args = ['run', 'deploy-stack', '--yes', ...SHORT];
    const started = startPlaybook(args, { cwd: stack.folder, stateDir: stack.stateDir, env });
    await until('it prints', () => started.output().stdout !== '');
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    await until('it runs', async () => (await runs(stack)).length > 0);
    started.child.kill('SIGHUP');
    await until('it has ended', () => started.child.exitCode !== null);
    expect(started.child.exitCode).toBe(0);
    expect((await newest(stack)).status).toBe('succeeded');
  }));

test('F59 F60 F62 F64 a stack must be held by a living run, reserved by a killed one, and freed by its undo', () =>
  withWeb(async (stack) => {
    const before = putBack(await stack.state());
    const run = await inTheSoak(stack);
    const { id } = await newest(stack);
    const second = await stack.playbook(['run', 'deploy-stack', '--yes', ...SHORT]);
    expect(second).toMatchObject({ code: 7 });
    expect(second.stderr).toMatch(new RegExp(`Run ${id} .*started by .* holds ${stack.project} since`));
    expect(second.stderr).toContain(`playbook cancel ${id}`);

    run.child.kill('SIGKILL');
    await run.ended;
    expect((await newest(stack)).status).toBe('interrupted');
    const status = await stack.playbook(['status']);
    expect(status.stdout).toContain(`${id} is interrupted`);
    expect(await stack.playbook(['cancel', id])).toMatchObject({ code: 7 });
    const third = await stack.playbook(['run', 'deploy-stack', '--yes', ...SHORT]);
    expect(third).toMatchObject({ code: 7 });
    expect(third.stderr).toContain(`playbook undo ${id}`);

    expect(await stack.playbook(['undo', id.slice(0, 3)])).toMatchObject({ code: 0 });
    expect(putBack(await stack.state())).toEqual(before);
    expect(await stack.playbook(['run', 'deploy-stack', '--yes', ...SHORT])).toMatchObject({ code: 0 });
    const late = await stack.playbook(['undo', id]);
    expect(late).toMatchObject({ code: 0 });
    expect(late.stdout).toContain('Nothing of run');
  }));

describe('a saved plan', () => {
  test('must run as it was made, from anywhere, and be refused once the world has moved (F76)', () =>
    withWeb(async (stack) => {
      const file = join(stack.folder, 'plan.json');
      const env = { TAG: '2' };
      const plan = () => stack.playbook(['plan', 'deploy-stack', ...SHORT, '-o', file, '--detailed-exitcode'], { env });
      expect(await plan()).toMatchObject({ code: 10 });
      expect(existsSync(stack.stateDir)).toBe(false);
      expect(await stack.playbook(['run', '--plan', file, '--yes'], { env, cwd: '/' })).toMatchObject({ code: 0 });
      expect(await stack.playbook(['plan', 'deploy-stack', '--detailed-exitcode'], { env })).toMatchObject({ code: 0 });

      const moved = await stack.playbook(['run', '--plan', file, '--yes'], { env });
      expect(moved).toMatchObject({ code: 8 });
      expect(moved.stderr).toContain('The plan no longer fits');
      expect(await runs(stack)).toHaveLength(1);
    }));

  test('must be refused when the playbook was edited since', () =>
    withWeb(async (stack) => {
      const text = (more: string) => `playbook: v1\nname: mine\nsteps:\n  - { id: up, uses: compose.up${more} }\n`;
      writeFileSync(join(stack.folder, 'mine.yml'), text(''));
      const env = { TAG: '2' };
      await stack.playbook(['plan', 'mine.yml', '-o', 'plan.json'], { env });
      writeFileSync(join(stack.folder, 'mine.yml'), text(', timeout: 1m'));
      const before = await stack.state();
      const refused = await stack.playbook(['run', '--plan', 'plan.json', '--yes', '--json'], { env });
      expect(refused).toMatchObject({ code: 8 });
      expect(refused.json()).toMatchObject({ type: 'refused', reason: 'stale-plan', exit_code: 8 });
      expect(await stack.state()).toEqual(before);
    }));
});

test('F47 F90 a no-go must be recorded as one, and tell whoever is to be told, always', () =>
  withWeb(async (stack) => {
    const told = join(stack.folder, 'told');
    writeFileSync(
      join(stack.folder, 'no.yml'),
      `playbook: v1
name: no
guards: [{ id: never, that: 'size(stack.services) > 9', say: 'Too few.' }]
steps: [{ id: up, uses: compose.up }]
always: [{ id: tell, uses: shell.run, with: { argv: [touch, ${told}] } }]
`,
    );
    const before = await stack.state();
    expect(await stack.playbook(['run', 'no.yml', '--yes'], { env: { TAG: '2' } })).toMatchObject({ code: 3 });
    expect(existsSync(told)).toBe(true);
    expect(await stack.state()).toEqual(before);
    const shown = await stack.playbook(['show', '--json']);
    expect(shown.json()).toMatchObject({
      status: 'no-go',
      guards: [{ id: 'never', verdict: 'no-go', say: 'Too few.' }],
    });
  }));

test('status and plan must name what was changed by hand since the release, and releases what can be gone back to', () =>
  withWeb(async (stack) => {
    expect(await stack.playbook(['run', 'deploy-stack', '--yes', ...SHORT], { env: { TAG: '2' } })).toMatchObject({
      code: 0,
    });
    const clean = (await stack.playbook(['status', '--json'], { env: { TAG: '2' } })).json();
    expect(clean).toMatchObject({
      release: { id: 'r1' },
      drift: [],
      services: [{ name: 'web', running: 1, health: 'healthy' }],
    });
    await stack.compose(['up', '-d', '--wait']);
    const touched = await stack.playbook(['status', '--json']);
    expect((touched.json() as { drift: string[] }).drift.join()).toContain(
      'web runs another image and configuration than the release',
    );
    const planned = (await stack.playbook(['plan', 'deploy-stack', '--json', ...SHORT])).json();
    expect(planned).toMatchObject({ by: expect.stringMatching(/.@./), drift: { since: 'r1' } });
    expect((planned as { drift: { differences: string[] } }).drift.differences).toEqual(
      (touched.json() as { drift: string[] }).drift,
    );
    const releases = await stack.playbook(['releases', '--json', '-p', stack.project], { cwd: '/' });
    expect(releases.json()).toMatchObject([{ id: 'r1' }, { id: 'found' }]);
  }));
