import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker, dockerLines, program } from '../support/docker.ts';
import { engineState, putBack, sameStack } from '../support/engine-state.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { httpGet } from '../support/http-get.ts';
import { mustLeaveNothing, thingsOf } from '../support/nothing-left.ts';
import { withStack } from '../support/stack.ts';

const compose = `
services:
  app:
    image: $PROJECT/app:1
    ports: ['$PORT:8080']
    volumes: [data:/data, /scratch]
volumes: { data: {} }
`;

test('a test stack must leave nothing on the engine, also when its test fails', async () => {
  let project = '';
  let folder = '';
  const failing = withStack('leaves', { 'compose.yml': compose }, async (stack) => {
    ({ project, folder } = stack);
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    expect(await httpGet(stack.url)).toEqual({ status: 200, body: 'app 1' });
    throw new Error('as asked');
  });
  await expect(failing).rejects.toThrow('as asked');
  expect(await engineState(project)).toEqual({ containers: {}, tags: {}, keepTags: {}, networks: {}, volumes: [] });
  expect(existsSync(folder)).toBe(false);
});

test('two snapshots of an untouched stack must be equal, and of a touched one must not', async () => {
  await withStack('states', { 'compose.yml': compose }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    const before = await stack.state();
    expect(await stack.state()).toEqual(before);
    expect(before.volumes).toHaveLength(2);
    await stack.compose(['restart', 'app']);
    const restarted = await stack.state();
    expect(restarted).not.toEqual(before);
    expect(putBack(restarted)).toEqual(putBack(before));
    await stack.compose(['up', '-d', '--force-recreate']);
    const recreated = await stack.state();
    expect(putBack(recreated)).not.toEqual(putBack(before));
    expect(sameStack(recreated)).toEqual(sameStack(before));
  });
});

test('the GET-only proxy must let reads through, refuse changes and write them down', async () => {
  await withFaultProxy(getOnly, async (proxy) => {
    const env = { DOCKER_HOST: proxy.host };
    expect(await docker(['version', '--format', '{{.Server.Version}}'], { env })).toMatch(/^\d+/);
    const ended = await program('docker', ['volume', 'create', 'pt-never'], { env });
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain('POST is refused here');
    expect(proxy.refused).toEqual([{ method: 'POST', path: '/volumes/create' }]);
  });
  expect(await dockerLines(['volume', 'ls', '-q', '--filter', 'name=pt-never'])).toEqual([]);
});

test('a rule of the proxy must cut, delay or fail single calls, and exec and build must go through it', async () => {
  await withStack('proxy', { 'compose.yml': compose }, async (stack) => {
    await stack.image('app:1', '1');
    await withFaultProxy(
      () => undefined,
      async (proxy) => {
        const env = { DOCKER_HOST: proxy.host };
        await stack.compose(['up', '-d', '--wait'], { env });
        const [id = ''] = await stack.ids('app');
        expect(await docker(['exec', id, 'echo', 'through'], { env })).toBe('through');
        proxy.rule(({ path }) => (path.endsWith('/stop') ? { status: 500, message: 'planted' } : undefined));
        expect((await program('docker', ['stop', id], { env })).stderr).toContain('planted');
        proxy.rule(({ path }) => (path.startsWith('/containers/json') ? { cut: true } : undefined));
        expect((await program('docker', ['ps'], { env })).code).not.toBe(0);
        proxy.rule(() => ({ delayMs: 300 }));
        const start = performance.now();
        await docker(['ps'], { env });
        expect(performance.now() - start).toBeGreaterThan(300);
      },
    );
  });
});

test('what a run leaves must be seen: a program, a container, a network, a volume, a name, a half-made file', async () => {
  await withStack('left', { 'compose.yml': compose }, async (stack) => {
    await stack.image('app:1', '1');
    const before = await thingsOf(stack);
    await mustLeaveNothing(stack, before);
    await stack.compose(['up', '-d']);
    await stack.image('app:2', '2');
    await mkdir(join(stack.stateDir, 'runs/x'), { recursive: true });
    for (const path of [join(stack.stateDir, 'runs/x/a.tmp'), join(stack.tmp, 'b')]) await writeFile(path, '');
    const marked = spawn('sleep', ['60'], { cwd: '/', env: { PLAYBOOK_RUN: join(stack.stateDir, 'runs/x') } });
    try {
      const left = String(await mustLeaveNothing(stack, before).catch((error: unknown) => error)).split('\n');
      const kinds = left.slice(1).map((line) => line.split(' ')[0]);
      expect(kinds).toEqual(['container', 'file', 'file', 'image', 'network', 'process', 'volume']);
      expect(left.join()).toContain(`process ${marked.pid}: sleep 60`);
    } finally {
      marked.kill();
    }
  });
});
