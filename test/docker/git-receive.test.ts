import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, gitEnv, tryGit } from '../support/git.ts';
import { httpGet } from '../support/http-get.ts';
import { type PushStack, pushTo } from '../support/push-stack.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { treeOf } from '../support/tree-of.ts';
import { until } from '../support/until.ts';

const compose = (port = '$PORT') => `
services:
  web:
    image: $PROJECT/web:1
    environment: { NAME: web }
    ports: ['${port}:8080']
`;

/** With the file `go` gone it stands still before its end, so that a push can be met half-way. */
const DEPLOY = `
playbook: v1
name: deploy
lock: { wait: 2m }
guards:
  - { id: config, uses: check.config }
  - { id: ports, uses: check.ports }
steps:
  - { id: up, uses: compose.up }
  - { id: healthy, uses: health.wait, with: { stable_for: 200ms }, timeout: 30s }
  - id: gate
    uses: shell.run
    with: { script: 'touch reached; while [ ! -e go ]; do sleep 0.05; done; rm reached' }
    undo: none
    because: it only waits
start:
  - git: { hook: post-receive, ref: main }
`;

async function withPushes(body: (stack: TestStack, repository: PushStack) => Promise<void>): Promise<void> {
  await withStack('receive', {}, async (stack) => {
    await stack.image('web:1', '1');
    const repository = await pushTo(stack, ['pre-receive', 'post-receive']);
    await stack.write('go', '');
    await body(stack, repository);
    expect(await shadows(stack)).toEqual([]);
  });
}

const shadows = async (stack: TestStack) =>
  (await readdir(stack.tmp)).filter((name) => name.startsWith('playbook-push-'));

const runs = async (stack: TestStack) => (await stack.playbook(['history', '--json'])).json() as { status: string }[];

const accepted = (repository: PushStack) => git(repository.bare, 'for-each-ref', '--format=%(objectname)');

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(port, '0.0.0.0', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

test('a push must be refused by a no-go or a check before the ref moves, and deploy when it is let through', () =>
  withPushes(async (stack, repository) => {
    const first = await repository.commit({ 'compose.yml': compose(), 'deploy.yml': DEPLOY });
    const other = createServer();
    await listening(other, stack.port);
    const taken = await repository.push();
    other.close();
    expect(await accepted(repository)).toBe('');
    expect(await treeOf(stack.folder)).toEqual({ go: '' });
    expect(existsSync(stack.stateDir)).toBe(false);
    expect(taken.stderr).toMatch(new RegExp(`remote: +NO-GO +ports +port ${stack.port} of web is held by`));
    expect(taken.stderr).toContain('no ref has moved: refs/heads/main could not be deployed');

    expect(await repository.push()).toMatchObject({ code: 0 });
    expect((await httpGet(`${stack.url}/`)).status).toBe(200);
    expect(await repository.deployed()).toBe(first);
    const before = await stack.state();

    await repository.commit({ 'deploy.yml': DEPLOY.replace('compose.up', 'compose.upp') });
    const checked = await repository.push();
    await repository.commit({ 'deploy.yml': DEPLOY, 'compose.yml': compose().replace('ports', 'portss') });
    const invalid = await repository.push();
    const last = await repository.commit({ 'compose.yml': compose(), 'README.md': 'x' });
    const env = { ...repository.env, DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const away = await tryGit(repository.work, ['push', 'origin', 'main'], env);
    expect(await accepted(repository)).toBe(first);
    expect(await stack.state()).toEqual(before);
    expect(await runs(stack)).toMatchObject([{ status: 'succeeded' }]);
    expect(checked.stderr).toMatch(/deploy\.yml:\d+:\d+: there is no action `compose\.upp`/);
    expect(invalid.stderr).toMatch(/remote: compose\.yml:\d+:\d+: .*portss is not allowed/);
    expect(away.stderr).toContain('The Docker Engine at tcp://127.0.0.1:1 cannot be reached');

    const several = ['main', 'main:refs/heads/other', 'main:refs/tags/v1'];
    expect(await repository.push('origin', ...several)).toMatchObject({ code: 0 });
    expect((await accepted(repository)).split('\n')).toEqual([last, last, last]);
    expect(await repository.deployed()).toBe(last);
  }));

test('a no-go while a run is at work must not refuse a push that waits its turn', () =>
  withPushes(async (stack, repository) => {
    await rm(join(stack.folder, 'go'));
    await repository.commit({ 'compose.yml': compose(), 'deploy.yml': DEPLOY });
    const first = repository.push();
    await until('a run is at the gate', () => existsSync(join(stack.folder, 'reached')), 60_000);
    const other = createServer();
    const port = await listening(other, 0);
    const second = await repository.commit({ 'compose.yml': compose(String(port)) });
    const waiting = repository.push();
    await until('the push is accepted', async () => (await accepted(repository)) === second, 60_000);
    other.close();
    await stack.write('go', '');
    expect(await first).toMatchObject({ code: 0 });
    expect(await waiting).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('asks its guards when its turn comes'),
    });
    expect((await httpGet(`http://127.0.0.1:${port}/`)).status).toBe(200);
    expect(await repository.deployed()).toBe(second);
  }));

test('a push that is broken off while it is planned must be refused, and leave nothing', () =>
  withPushes(async (stack, repository) => {
    // An engine that takes every question and answers none.
    const mute = createServer((socket) => void socket.resume());
    const port = await listening(mute, 0);
    await repository.commit({ 'compose.yml': compose(), 'deploy.yml': DEPLOY });
    const push = spawn('git', ['-C', repository.work, 'push', 'origin', 'main'], {
      env: { ...process.env, ...gitEnv, ...repository.env, DOCKER_HOST: `tcp://127.0.0.1:${port}` },
      detached: true,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => void push.once('close', resolve));
    await until('it is being planned', async () => (await shadows(stack)).length > 0, 60_000);
    await until('the engine is being asked', async () => (await connections(mute)) > 0, 60_000);
    process.kill(-(push.pid ?? 0), 'SIGINT');
    await ended;
    await until('the hook is gone', async () => (await connections(mute)) === 0, 60_000);
    expect(await shadows(stack)).toEqual([]);
    expect(await accepted(repository)).toBe('');
    expect(await treeOf(stack.folder)).toEqual({ go: '' });
    mute.close();
  }));

function connections(server: Server): Promise<number> {
  return new Promise((resolve) => void server.getConnections((_error, count) => resolve(count)));
}
