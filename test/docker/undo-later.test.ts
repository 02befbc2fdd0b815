import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { docker, dockerLines } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { withFaultProxy } from '../support/fault-proxy.ts';
import { canHaveIslands, withPrivateEngine } from '../support/private-engine.ts';
import { startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = `
services:
  web: { image: '$PROJECT/web:1', environment: { NAME: '\${NAME:-old}' }, stop_grace_period: 1s }
  api: { image: '$PROJECT/web:1', environment: { NAME: '\${NAME:-old}' }, stop_grace_period: 1s }
`;

const RUN = [
  'run',
  'deploy-stack',
  '--yes',
  '--json',
  '-i',
  'stable_for=0s',
  '-i',
  'soak=10m',
  '--env-file',
  'new.env',
];

async function withTwo(body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack('later', { 'compose.yml': compose, 'new.env': 'NAME=new\n' }, async (stack) => {
    await stack.image('web:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    await body(stack);
  });
}

/** A run that was killed when its journal had the event, or the engine the call; gives its id. */
async function killed(stack: TestStack, when: (printed: string) => boolean, env = {}): Promise<string> {
  const run = startPlaybook(RUN, { cwd: stack.folder, stateDir: stack.stateDir, env: { ...stack.env, ...env } });
  await until('it is time to kill it', () => when(run.output().stdout) || run.child.exitCode !== null);
  expect(run.child.exitCode, JSON.stringify(run.output())).toBe(null);
  run.child.kill('SIGKILL');
  await run.ended;
  const [newest] = (await stack.playbook(['history', '--json'])).json() as { id: string }[];
  return newest?.id ?? '';
}

const soaking = (printed: string): boolean => /"step.started"[^\n]*"soak"/.test(printed);

describe('an undo', () => {
  test('must need neither the folder of the stack nor its files', () =>
    withTwo(async (stack) => {
      const before = putBack(await stack.state());
      const id = await killed(stack, soaking);
      await rename(stack.folder, `${stack.folder}-gone`);
      expect(await stack.playbook(['undo', id], { cwd: '/' })).toMatchObject({ code: 0, stderr: '' });
      expect(putBack(await stack.state())).toEqual(before);
    }));

  test('must not need the env file that the run was given', () =>
    withTwo(async (stack) => {
      const id = await killed(stack, soaking);
      await rm(`${stack.folder}/new.env`);
      await stack.write('compose.yml', 'services: [broken');
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0, stderr: '' });
    }));

  test('must end what the killed run left going, before it looks at what there is', () =>
    withTwo(async (stack) => {
      const before = putBack(await stack.state());
      const isCreate = ({ path }: { path: string }): boolean => path.startsWith('/containers/create');
      await withFaultProxy(
        (call) => (isCreate(call) ? { delayMs: 8_000 } : undefined),
        async ({ host, calls }) => {
          const id = await killed(stack, () => calls.some(isCreate), { DOCKER_HOST: host });
          const going = (): Promise<string[]> => programsAt(host);
          expect(await going()).not.toEqual([]);
          expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0, stderr: '' });
          expect(await going()).toEqual([]);
        },
      );
      expect(putBack(await stack.state())).toEqual(before);
    }));

  test('of a run that is alive must be refused, and leave it alone', () =>
    withTwo(async (stack) => {
      const run = startPlaybook(RUN, { cwd: stack.folder, stateDir: stack.stateDir, env: stack.env });
      await until('it soaks', () => soaking(run.output().stdout));
      const [{ id = '' } = {}] = (await stack.playbook(['history', '--json'])).json() as { id?: string }[];
      const refused = await stack.playbook(['undo', id]);
      expect(refused).toMatchObject({ code: 7 });
      expect(refused.stderr).toContain(`playbook cancel ${id}`);
      expect(refused.stderr).not.toContain('is not finished');
      run.child.kill('SIGINT');
      expect(await run.ended).toMatchObject({ code: 130 });
    }));

  test('must look again after one that could not bring everything back', () =>
    withTwo(async (stack) => {
      const id = await killed(stack, soaking);
      await docker([
        'network',
        'create',
        '--label',
        `com.docker.compose.project=${stack.project}`,
        `${stack.project}_x`,
      ]);
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 5 });
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 5 });
      await docker(['network', 'rm', `${stack.project}_x`]);
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0 });
      expect((await stack.playbook(['show', id, '--json'])).json()).toMatchObject({ status: 'rolled-back' });
    }));

  test.runIf(canHaveIslands)('must refuse another engine than the one that the run worked on', () =>
    withTwo(async (stack) => {
      const before = putBack(await stack.state());
      const id = await killed(stack, soaking);
      await withPrivateEngine(async (other) => {
        const refused = await stack.playbook(['undo', id], { env: other.env });
        expect(refused).toMatchObject({ code: 9 });
        expect(refused.stderr).toContain('another engine');
        expect(await dockerLines(['ps', '-aq'], { env: other.env })).toEqual([]);
      });
      expect(await stack.playbook(['undo', id])).toMatchObject({ code: 0 });
      expect(putBack(await stack.state())).toEqual(before);
    }),
  );
});

/** Process numbers of the programs that would ask this engine. */
async function programsAt(host: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const environments = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')] as const),
  );
  return environments.filter(([, text]) => text.includes(`DOCKER_HOST=${host}`)).map(([pid]) => pid);
}
