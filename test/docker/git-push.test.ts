import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryGit } from '../support/git.ts';
import { commandOnTerminal } from '../support/pty.ts';
import { type PushStack, pushTo } from '../support/push-stack.ts';
import { page, withRunningShop } from '../support/shop.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';
import { treeOf } from '../support/tree-of.ts';
import { until } from '../support/until.ts';

type Run = {
  id: string;
  status: string;
  started_by: string;
  release?: string;
  commit?: string;
  process: { pid: number };
};

const runs = async (stack: TestStack): Promise<Run[]> => (await stack.playbook(['history', '--json'])).json() as Run[];

const shown = async (stack: TestStack, id = ''): Promise<Record<string, unknown>> =>
  (await stack.playbook(['show', id, '--json'].filter((word) => word !== ''))).json() as Record<string, unknown>;

const newer = (text: string) => text.replaceAll('${TAG:-1}', '${TAG:-2}');

/** The shipped one, and what starts it. */
async function deployPlaybook(): Promise<string> {
  const shipped = await readFile(join(import.meta.dirname, '../../playbooks/deploy-stack.yml'), 'utf8');
  return `${shipped}\nstart:\n  - git: { hook: post-receive, ref: main }\n`;
}

test('a push must deploy the sample stack, and one of a broken version must be rolled back with its reason', () =>
  withRunningShop('push', async (shop) => {
    const repository = await pushTo(
      shop,
      ['post-receive'],
      ['-i', 'stable_for=1s', '-i', 'soak=0s', '-i', `smoke_url=${shop.url}/`],
    );
    const { '.env': _env, ...files } = await stackFiles('shop');
    const compose = files['compose.yml'] ?? '';
    await repository.commit({ ...files, 'deploy.yml': await deployPlaybook() });
    const second = await repository.commit({ 'compose.yml': newer(compose) });
    // The folder is the one that somebody has started by hand: taken over where it is what the first commit has.
    await shop.write('compose.yml', newer(compose));
    const deployed = await repository.push();
    expect(await page(shop)).toMatchObject({ status: 200, body: expect.stringMatching(/^shop 2: api 2/) });
    expect(await repository.deployed()).toBe(second);
    expect(existsSync(join(shop.folder, '.env'))).toBe(true);
    expect(deployed).toMatchObject({ code: 0, stderr: expect.stringMatching(/remote: .*✓ up /) });
    expect(await shown(shop)).toMatchObject({
      status: 'succeeded',
      started_by: 'git push to refs/heads/main',
      commit: second,
    });
    const releases = (await shop.playbook(['releases', '--json'])).json() as { commit: string | null }[];
    expect(releases[0]).toMatchObject({ commit: second });

    const before = await treeOf(shop.folder);
    await repository.commit({
      'compose.yml': newer(compose).replace('WEB_MODE:-', 'WEB_MODE:-broken'),
      'new.txt': 'new',
    });
    const broken = await repository.push();
    expect(await treeOf(shop.folder)).toEqual(before);
    expect(await repository.deployed()).toBe(second);
    expect(await page(shop)).toMatchObject({ status: 200, body: expect.stringMatching(/^shop 2: api 2/) });
    expect(await shown(shop)).toMatchObject({ status: 'rolled-back' });
    expect(broken.stderr).toMatch(/remote: .*Rolled back after .*smoke/);
    expect(broken.stderr).toContain(`is back on ${second.slice(0, 7)}`);
  }));

const compose = (mode: string, tag = '1') => `
services:
  web:
    image: $PROJECT/web:${tag}
    environment: { NAME: web, MODE: '${mode}' }
    volumes: ['./greeting:/greeting:ro']
`;

/** With the file `go` gone it stands still before its last step, so that a push can be met half-way. */
const gated = (wait: string) => `
playbook: v1
name: gated
lock: { wait: ${wait} }
steps:
  - { id: up, uses: compose.up }
  - { id: healthy, uses: health.wait, with: { stable_for: 200ms }, timeout: 30s }
  - id: gate
    uses: shell.run
    with: { script: 'touch reached; while [ ! -e go ]; do sleep 0.05; done; rm reached' }
    undo: none
    because: it only waits
  - { id: record, uses: release.record }
start:
  - git: { hook: post-receive, ref: [main, 'release/**'] }
`;

async function withPushes(body: (stack: TestStack, repository: PushStack) => Promise<void>): Promise<void> {
  await withStack('pushes', {}, async (stack) => {
    for (const version of ['1', '2'] as const) await stack.image(`web:${version}`, version);
    const repository = await pushTo(stack, ['post-receive']);
    await repository.commit({ 'compose.yml': compose(''), greeting: 'one', 'deploy.yml': gated('2m') });
    await stack.write('go', '');
    await body(stack, repository);
  });
}

const greeting = (stack: TestStack) => stack.compose(['exec', '-T', 'web', 'cat', '/greeting']);

const reachedGate = (stack: TestStack) =>
  until('a run is at the gate', () => existsSync(join(stack.folder, 'reached')));

test('pushes must wait their turn or be refused, go on without the pusher, and be taken back with their files', () =>
  withPushes(async (stack, repository) => {
    expect(await repository.push()).toMatchObject({ code: 0 });
    expect(await greeting(stack)).toBe('one');

    // The pusher types Ctrl-C and goes.
    await rm(join(stack.folder, 'go'));
    const second = await repository.commit({ 'compose.yml': compose('', '2'), greeting: 'two' });
    const argv = ['git', '-C', repository.work, 'push', 'origin', 'main'];
    const killed = await commandOnTerminal(argv, { cwd: repository.work, env: repository.env });
    await reachedGate(stack);
    killed.type('\u0003');
    await killed.close();

    // One that may not wait is refused, and says who is at work; one that may waits.
    await repository.commit({ 'deploy.yml': gated('0s') });
    expect((await repository.push()).stderr).toMatch(/remote: .*Run \w+ .*holds .*: process \d+/);
    expect(await repository.deployed()).toBe(second);
    const third = await repository.commit({ greeting: 'three', 'deploy.yml': gated('2m') });
    const waiting = repository.push();
    await until('the second run is still at the gate', async () => (await runs(stack))[0]?.status === 'running');
    await writeFile(join(stack.folder, 'go'), '');
    expect((await waiting).code).toBe(0);
    expect((await runs(stack)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(await repository.deployed()).toBe(third);
    expect(await greeting(stack)).toBe('three');

    // The old container must read the old file when it starts again.
    await repository.commit({ 'compose.yml': compose('exits', '2'), greeting: 'four' });
    expect((await repository.push()).stderr).toContain('Rolled back');
    expect(await greeting(stack)).toBe('three');
    expect(await repository.deployed()).toBe(third);

    // What is edited on the server is neither lost nor deployed.
    await writeFile(join(stack.folder, 'greeting'), 'by hand');
    expect((await repository.push('origin', '+main~1:refs/heads/release/by-hand')).stderr).toContain(
      'greeting was changed by hand',
    );
    expect(await readFile(join(stack.folder, 'greeting'), 'utf8')).toBe('by hand');
    await tryGit(stack.folder, ['checkout', '--', 'greeting']);

    // A run that died is taken back with its files.
    await rm(join(stack.folder, 'go'));
    await repository.commit({ 'compose.yml': compose('', '1'), greeting: 'five' });
    const cut = repository.push();
    await reachedGate(stack);
    const [created] = (await stack.playbook(['show', '--events', '--json'])).lines() as {
      run: string;
      process: { pid: number };
    }[];
    process.kill(created?.process.pid ?? 0, 'SIGKILL');
    await cut;
    expect((await runs(stack))[0]).toMatchObject({ id: created?.run, status: 'interrupted' });
    expect((await stack.playbook(['undo', created?.run ?? ''])).code).toBe(0);
    expect(await repository.deployed()).toBe(third);
    expect(await greeting(stack)).toBe('three');
  }));
