import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Ended } from '../support/docker.ts';
import { commitFiles, git, gitEnv, tryGit } from '../support/git.ts';
import { commandOnTerminal } from '../support/pty.ts';
import { runPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

type Run = { id: string; status: string; started_by: string; commit: string };

const runs = async (stack: TestStack): Promise<Run[]> => (await stack.playbook(['history', '--json'])).json() as Run[];

const newest = async (stack: TestStack): Promise<Run> => (await stack.playbook(['show', '--json'])).json() as Run;

const greeting = (stack: TestStack) => stack.compose(['exec', '-T', 'web', 'cat', '/greeting']);

const compose = (mode: string, tag = '1') => `
services:
  web:
    image: $PROJECT/web:${tag}
    environment: { NAME: web, MODE: '${mode}' }
    volumes: ['./greeting:/greeting:ro']
`;

/** With the file `go` gone it stands still before its last step, so that a pull can be met half-way. */
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
  - git: { hook: post-merge, ref: main, paths: [compose.yml, greeting, deploy.yml] }
`;

type Clone = {
  work: string;
  env: Record<string, string>;
  /** Commits files that somebody else has changed, for the clone to pull. */
  commit(files: Record<string, string>, message?: string): Promise<string>;
  pull(...args: string[]): Promise<Ended>;
};

/** A stack that is run from a clone, with nothing in it yet but a commit from before. */
async function withClone(body: (stack: TestStack, clone: Clone) => Promise<void>): Promise<void> {
  await withStack('merge', {}, async (stack) => {
    for (const version of ['1', '2'] as const) await stack.image(`web:${version}`, version);
    const work = join(stack.folder, '../work');
    await git(join(work, '..'), 'init', '--quiet', '-b', 'main', work);
    await commitFiles(work, { 'README.md': 'shop' });
    await git(join(work, '..'), 'clone', '--quiet', work, stack.folder);
    const words = ['hooks', 'install', 'post-merge', '--playbook', 'deploy.yml', '--state-dir', stack.stateDir];
    expect(await runPlaybook(words, { cwd: stack.folder, env: gitEnv })).toMatchObject({ code: 0 });
    await stack.write('go', '');
    const env = { ...stack.env, PATH: '/usr/local/bin:/usr/bin:/bin' };
    await body(stack, {
      work,
      env,
      async commit(files, message = 'change') {
        const filled = Object.entries(files).map(([path, text]) => [path, text.replaceAll('$PROJECT', stack.project)]);
        await commitFiles(work, Object.fromEntries(filled) as Record<string, string>);
        await git(work, 'commit', '--quiet', '--amend', '--allow-empty', '-m', message);
        return git(work, 'rev-parse', 'HEAD');
      },
      pull: (...args) => tryGit(stack.folder, ['pull', '--quiet', ...args], env),
    });
  });
}

const reachedGate = (stack: TestStack) =>
  until('a run is at the gate', () => existsSync(join(stack.folder, 'reached')), 60_000);

test('a pull must deploy what it brings, with its commit on record, and skip what start leaves out', () =>
  withClone(async (stack, clone) => {
    const first = await clone.commit({ 'compose.yml': compose(''), greeting: 'one', 'deploy.yml': gated('0s') });
    const deployed = await clone.pull();
    expect(await greeting(stack)).toBe('one');
    expect(deployed).toMatchObject({ code: 0, stderr: expect.stringMatching(/✓ up /) });
    expect(await newest(stack)).toMatchObject({
      status: 'succeeded',
      started_by: 'git merge into refs/heads/main',
      commit: first,
    });
    expect((await stack.playbook(['releases', '--json'])).json()).toMatchObject([{ commit: first }]);

    await clone.commit({ 'README.md': 'more' });
    expect((await clone.pull()).stderr).toContain('the merge changes nothing in compose.yml, greeting, deploy.yml');
    const skipped = await clone.commit({ greeting: 'two' }, 'page [skip deploy]');
    expect((await clone.pull()).stderr).toContain('the commit says [skip deploy]');
    expect(await git(stack.folder, 'rev-parse', 'main')).toBe(skipped);
    expect(await runs(stack)).toHaveLength(1);

    // A merge of two branches, by hand.
    await git(stack.folder, 'checkout', '--quiet', '-b', 'side');
    await commitFiles(stack.folder, { greeting: 'three', go: '' });
    await git(stack.folder, 'checkout', '--quiet', 'main');
    const merged = await tryGit(stack.folder, ['merge', '--quiet', '--no-ff', '-m', 'side', 'side'], clone.env);
    expect(merged.code).toBe(0);
    expect(await newest(stack)).toMatchObject({
      status: 'succeeded',
      commit: await git(stack.folder, 'rev-parse', 'main'),
    });
  }));

test('a version that turns bad must be rolled back, and the output say that branch and files stay', () =>
  withClone(async (stack, clone) => {
    const first = await clone.commit({ 'compose.yml': compose(''), greeting: 'one', 'deploy.yml': gated('0s') });
    await clone.pull();
    const before = await stack.ids('web');
    const bad = await clone.commit({ 'compose.yml': compose('exits', '2') });
    const pulled = await clone.pull();
    expect(await git(stack.folder, 'rev-parse', 'main')).toBe(bad);
    expect(await git(stack.folder, 'status', '--porcelain', '--untracked-files=no')).toBe('');
    expect(await stack.ids('web')).toEqual(before);
    expect(await greeting(stack)).toBe('one');
    expect(await newest(stack)).toMatchObject({ status: 'rolled-back', commit: bad });
    expect(pulled).toMatchObject({ code: 0, stderr: expect.stringContaining('Rolled back') });
    expect(pulled.stderr).toContain(`stay on ${bad.slice(0, 7)}: git has merged already`);
    expect(pulled.stderr).toContain(`git -C ${stack.folder} reset --keep ${first.slice(0, 7)}`);

    // What somebody has edited is not deployed under the name of a commit.
    await stack.write('greeting', 'by hand');
    await clone.commit({ 'compose.yml': compose('', '2') });
    expect((await clone.pull()).stderr).toContain('greeting was changed by hand');
    expect(await readFile(join(stack.folder, 'greeting'), 'utf8')).toBe('by hand');
    expect(await runs(stack)).toHaveLength(2);
    expect(await stack.ids('web')).toEqual(before);
  }));

test('a run must go on without the terminal, and the next pull wait its turn or be refused', () =>
  withClone(async (stack, clone) => {
    await rm(join(stack.folder, 'go'));
    await clone.commit({ 'compose.yml': compose(''), greeting: 'one', 'deploy.yml': gated('0s') });
    const argv = ['git', '-C', stack.folder, 'pull'];
    const first = await commandOnTerminal(argv, { cwd: stack.folder, env: { ...gitEnv, ...clone.env } });
    await reachedGate(stack);
    first.type('\u0003');
    await first.close();
    expect(await newest(stack)).toMatchObject({ status: 'running' });

    const second = await clone.commit({ 'compose.yml': compose('', '2') });
    expect((await clone.pull()).stderr).toMatch(/Run \w+ .*holds .*: process \d+/);
    expect(await git(stack.folder, 'rev-parse', 'main')).toBe(second);
    const third = await clone.commit({ 'deploy.yml': gated('2m') });
    const waiting = clone.pull();
    await until('it is merged', async () => (await git(stack.folder, 'rev-parse', 'main')) === third);
    expect(await newest(stack)).toMatchObject({ status: 'running' });
    await stack.write('go', '');
    expect((await waiting).code).toBe(0);
    expect((await runs(stack)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(await newest(stack)).toMatchObject({ commit: third });
  }));
