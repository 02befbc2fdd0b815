import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker, dockerLines } from '../support/docker.ts';
import { canHaveIslands, withPrivateEngine } from '../support/private-engine.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const compose = `
services:
  web:
    image: $PROJECT/web:\${TAG:-1}
    network_mode: none
    healthcheck: { test: [CMD, 'true'], interval: 200ms }
    volumes: [data:/data]
volumes: { data: {} }
`;

/** A stack on an engine of the test's own, where nobody else's things can go. */
async function onItsOwn(body: (stack: TestStack, env: { DOCKER_HOST: string }) => Promise<void>): Promise<void> {
  await withPrivateEngine(async (engine) => {
    await engine.loadImages(['playbook-fixture/app:1', 'playbook-fixture/app:2', 'playbook-fixture/app:3']);
    await withStack('prune', { 'compose.yml': compose }, (stack) => body(stack, engine.env), engine.env);
  });
}

const prune = (stack: TestStack, ...inputs: string[]) =>
  stack.playbook(['run', 'prune.yml', '--yes', ...['older_than=0s', ...inputs].flatMap((input) => ['-i', input])]);

const deploy = (stack: TestStack, tag: string) =>
  stack.playbook(['run', 'deploy-stack.yml', '--yes', '-i', 'stable_for=0s', '-i', 'soak=0s'], { env: { TAG: tag } });

const images = async (env: { DOCKER_HOST: string }) =>
  (await dockerLines(['images', '--format', '{{.Repository}}:{{.Tag}}'], { env })).sort();

test.skipIf(!canHaveIslands)(
  'F55 F56 F57 prune must leave all that a kept release, a stack and its volumes need, and take what nothing does',
  async () => {
    await onItsOwn(async (stack, env) => {
      for (const tag of ['1', '2', '3'] as const) await stack.image(`web:${tag}`, tag);
      for (const tag of ['1', '2', '3']) await docker(['rmi', `playbook-fixture/app:${tag}`], { env });
      expect((await deploy(stack, '1')).code).toBe(0);
      expect((await deploy(stack, '2')).code).toBe(0);
      await docker(['volume', 'create', 'orphan'], { env });
      await docker(['network', 'create', 'by-hand'], { env });
      const loose = await docker(['create', '--network', 'none', `${stack.project}/web:2`], { env });
      await docker(['rmi', `${stack.project}/web:1`], { env });
      const before = await stack.state();

      const run = await prune(stack, 'images=unused', 'volumes=orphan');
      expect(run.code, run.stdout + run.stderr).toBe(0);

      const left = await images(env);
      // Version 1 has lost its own name, but a release keeps it; nothing needs version 3.
      expect(left.filter((name) => name.includes('/web:r1'))).toHaveLength(1);
      expect(left).toContain(`${stack.project}/web:2`);
      expect(left).not.toContain(`${stack.project}/web:3`);
      expect(await dockerLines(['ps', '-aq', '--no-trunc'], { env })).not.toContain(loose);
      expect(await dockerLines(['volume', 'ls', '-q'], { env })).toEqual([`${stack.project}_data`]);
      expect(await dockerLines(['network', 'ls', '--format', '{{.Name}}'], { env })).toContain('by-hand');
      expect((await stack.state()).containers).toEqual(before.containers);
      expect(run.stdout).toMatch(/1 image removed, .* freed/);
    });
  },
);

test.skipIf(!canHaveIslands)(
  'a volume that is used, or that is not there, must be refused before anything goes',
  async () => {
    await onItsOwn(async (stack, env) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await images(env);
      for (const name of [`${stack.project}_data`, 'nothing-of-that-name']) {
        const run = await prune(stack, 'images=unused', `volumes=${name}`);
        expect(run.code).toBe(3);
        expect(run.stdout + run.stderr).toContain(name);
      }
      expect(await images(env)).toEqual(before);
    });
  },
);

test('a playbook about the engine must run in a folder without a Compose file, and change nothing when it plans', async () => {
  await withStack('pruneplan', { 'note.txt': 'no stack here' }, async (stack) => {
    const elsewhere = join(stack.folder, 'empty');
    await mkdir(elsewhere);
    const plan = await stack.playbook(['plan', 'prune.yml', '--json'], { cwd: elsewhere });
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.json()).toMatchObject({ stack: { project: '' }, playbook: { name: 'prune' } });
  });
});
