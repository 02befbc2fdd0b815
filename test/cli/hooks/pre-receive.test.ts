import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notePending } from '../../../src/cli/hooks/pending.ts';
import { commitFiles, git, gitEnv, tryGit, withRepository } from '../../support/git.ts';
import { runPlaybook } from '../../support/run-playbook.ts';
import { treeOf } from '../../support/tree-of.ts';

const DEPLOY =
  'playbook: v1\nname: deploy\nsteps:\n  - { id: up, uses: compose.up }\nstart:\n  - git: { hook: post-receive, ref: live }\n';
const BAD = DEPLOY.replace('compose.up', 'compose.upp');

type Place = {
  work: string;
  bare: string;
  folder: string;
  base: string;
  push(...args: string[]): ReturnType<typeof tryGit>;
};

const install = (cwd: string, ...args: string[]) =>
  runPlaybook(['hooks', 'install', 'pre-receive', ...args], { cwd, env: gitEnv });

/** What these pushes lead to is decided before an engine is asked. */
async function withServer(body: (place: Place) => Promise<void>): Promise<void> {
  await withRepository(async (work, base) => {
    const [bare, folder, tmp] = [join(base, 'shop.git'), join(base, 'shop'), join(base, 'tmp')];
    await mkdir(tmp);
    await git(base, 'init', '--quiet', '--bare', bare);
    const words = ['--folder', '../shop', '--playbook', 'deploy.yml', '--state-dir', join(base, 'state')];
    expect(await install(bare, ...words)).toMatchObject({ code: 0 });
    const push = (...args: string[]) => tryGit(work, ['push', bare, ...args], { PATH: '/usr/bin:/bin', TMPDIR: tmp });
    await body({ work, bare, folder, base, push });
    expect(await readdir(tmp)).toEqual([]);
    expect(existsSync(join(base, 'state'))).toBe(false);
  });
}

const refs = async (bare: string) => (await git(bare, 'for-each-ref', '--format=%(refname)')).split('\n');

test('a push with a problem in a playbook must be refused whole, before any ref moves, with its place', () =>
  withServer(async ({ work, bare, folder, push }) => {
    await commitFiles(work, { 'deploy.yml': DEPLOY });
    expect(await push('main')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('remote:') });
    // Any playbook, on any ref: the one that deploys is not the only one that may break.
    await commitFiles(work, { 'other.yml': BAD });
    const refused = await push('main', 'main:refs/heads/good', 'main:refs/tags/v1');
    expect(await refs(bare)).toEqual(['refs/heads/main']);
    expect(await git(bare, 'rev-parse', 'main')).toBe(await git(work, 'rev-parse', 'main~1'));
    expect(refused.stderr).toMatch(/other\.yml:4:\d+: there is no action `compose\.upp`/);
    expect(refused.stderr).toContain('The push is refused, and no ref has moved: a playbook has problems.');
    // None of the objects that came with it stays.
    expect((await tryGit(bare, ['cat-file', '-e', await git(work, 'rev-parse', 'main')])).code).not.toBe(0);
    expect(existsSync(folder)).toBe(false);
  }));

test('what a push does not bring must not be in its way, but for a ref that would be deployed', () =>
  withServer(async ({ work, bare, push }) => {
    // Somebody has pushed it while there was no hook.
    const hook = await readFile(join(bare, 'hooks/pre-receive'));
    await writeFile(join(bare, 'hooks/pre-receive'), '#!/bin/sh\n');
    const old = await commitFiles(work, { 'deploy.yml': BAD, 'old.yml': BAD });
    expect(await push('main')).toMatchObject({ code: 0 });
    await writeFile(join(bare, 'hooks/pre-receive'), hook);

    expect(await push(`${old}:refs/heads/again`, `${old}:refs/tags/v1`)).toMatchObject({ code: 0 });
    await commitFiles(work, { 'a.txt': 'a' });
    expect(await push('main:refs/heads/next', `${old}:refs/heads/older`)).toMatchObject({ code: 0 });
    await commitFiles(work, { 'b.txt': 'b' });
    expect(await push('main')).toMatchObject({ code: 0 });
    const live = await push('main:live');
    expect(await refs(bare)).not.toContain('refs/heads/live');
    expect(live.stderr).toMatch(/deploy\.yml:4:\d+: .*compose\.upp/);
    expect(live.stderr).toContain('no ref has moved: refs/heads/live has problems.');
  }));

test('deleted refs, tags of anything, skipped commits and forced pushes must be let through', () =>
  withServer(async ({ work, bare, push }) => {
    await commitFiles(work, { 'a.txt': 'a' });
    expect(await push('main', 'main:live')).toMatchObject({ code: 0 });
    await commitFiles(work, { 'deploy.yml': DEPLOY });
    await git(work, 'tag', 'blob', await git(work, 'rev-parse', 'HEAD:deploy.yml'));
    await git(work, 'tag', '-m', 'x', 'annotated');
    await git(work, 'commit', '--quiet', '--amend', '-m', 'no [skip deploy]');
    expect(await push('main', 'main:live', 'blob', 'annotated')).toMatchObject({ code: 0 });
    await git(work, 'commit', '--quiet', '--amend', '-m', 'another [skip deploy]');
    expect(await push('+main', ':live', ':blob')).toMatchObject({ code: 0 });
    expect(await refs(bare)).toEqual(['refs/heads/main', 'refs/tags/annotated']);
    expect(await git(bare, 'rev-parse', 'main')).toBe(await git(work, 'rev-parse', 'main'));
  }));

test('hostile names of refs and paths must stay names', () =>
  withServer(async ({ work, bare, base, push }) => {
    const hostile = ['$(touch${IFS}pwned)', '`touch${IFS}pwned`', "';touch${IFS}pwned;'", '--help', '{{x}}', 'é"&|'];
    await commitFiles(work, { 'deploy.yml': DEPLOY, '-x $(touch pwned).yml': DEPLOY, ':(top)é"\n.yml': BAD });
    const targets = hostile.map((name) => `HEAD:refs/heads/x${name}`);
    expect((await push(...targets)).stderr).toContain('a playbook has problems');
    expect(await refs(bare)).toEqual(['']);
    await git(work, 'rm', '--quiet', ':(literal):(top)é"\n.yml');
    await git(work, 'commit', '--quiet', '--amend', '-m', 'good');
    expect(await push(...targets)).toMatchObject({ code: 0 });
    expect(await refs(bare)).toHaveLength(hostile.length);
    expect(Object.keys(await treeOf(base)).filter((path) => path.endsWith('pwned'))).toEqual([]);
  }));

test('files on the server that the deploy would not overwrite must refuse the push, and stay', () =>
  withServer(async ({ work, bare, folder, push }) => {
    await mkdir(folder);
    await writeFile(join(folder, 'compose.yml'), 'by hand');
    await commitFiles(work, { 'deploy.yml': DEPLOY, 'compose.yml': 'services: {}\n' });
    const refused = await push('main:live');
    expect(await refs(bare)).toEqual(['']);
    expect(await treeOf(folder)).toEqual({ 'compose.yml': 'by hand' });
    expect(refused.stderr).toMatch(/compose\.yml would be overwritten/);
    expect(refused.stderr).toContain('refs/heads/live could not be deployed');
  }));

test('what a push that was cut has left must not keep the next one from mending it', () =>
  withServer(async ({ work, bare, folder, push }) => {
    await mkdir(folder);
    await writeFile(join(folder, 'compose.yml'), 'half made');
    const commit = await commitFiles(work, { 'deploy.yml': DEPLOY, 'compose.yml': 'services: {}\n' });
    const move = { folder, git_dir: bare, from: null, to: commit, made: ['compose.yml'], umask: 0o022 };
    await notePending({ run: 'k3f9', step: 'checkout', move });
    const pushed = await push('main:live');
    expect(await refs(bare)).toEqual(['refs/heads/live']);
    expect(pushed.stderr).toContain('deploy.yml asks its guards when its turn comes');
  }));

test('without a folder it must check, and with one it needs the playbook that deploys', () =>
  withRepository(async (work, base) => {
    const bare = join(base, 'shop.git');
    await git(base, 'init', '--quiet', '--bare', bare);
    expect(await install(bare, '--folder', '../shop')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('pre-receive needs --folder'),
    });
    expect(await install(bare)).toMatchObject({ code: 0 });
    await commitFiles(work, { 'deploy.yml': BAD });
    expect(await tryGit(work, ['push', bare, 'main'])).toMatchObject({ code: 1 });
    await commitFiles(work, { 'deploy.yml': DEPLOY });
    expect(await tryGit(work, ['push', bare, 'main:live'])).toMatchObject({ code: 0 });
  }));
