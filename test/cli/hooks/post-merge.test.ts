import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFiles, git, gitEnv, tryGit, withRepository } from '../../support/git.ts';
import { runPlaybook } from '../../support/run-playbook.ts';

const DEPLOY = `playbook: v1
name: deploy
steps:
  - { id: up, uses: compose.up }
start:
  - git: { hook: post-merge, ref: main, paths: [deploy.yml, 'web/**'] }
`;

type Place = { work: string; clone: string; base: string; pull(...args: string[]): ReturnType<typeof tryGit> };

const install = (cwd: string, ...args: string[]) =>
  runPlaybook(['hooks', 'install', 'post-merge', ...args], { cwd, env: gitEnv });

/** What these pulls lead to is decided before an engine is asked: nothing is run, and not even the state folder made. */
async function withClone(body: (place: Place) => Promise<void>): Promise<void> {
  await withRepository(async (work, base) => {
    const clone = join(base, 'shop');
    await commitFiles(work, { 'deploy.yml': DEPLOY });
    await git(base, 'clone', '--quiet', work, clone);
    const words = ['--playbook', 'deploy.yml', '--state-dir', join(base, 'state')];
    expect(await install(clone, ...words)).toMatchObject({ code: 0 });
    const pull = (...args: string[]) => tryGit(clone, ['pull', '--quiet', ...args], { PATH: '/usr/bin:/bin' });
    await body({ work, clone, base, pull });
    expect(existsSync(join(base, 'state'))).toBe(false);
  });
}

test('a pull that does not deploy must say why, and keep what git has merged', () =>
  withClone(async ({ work, clone, pull }) => {
    const next = async (files: Record<string, string>, message = 'change') => {
      await commitFiles(work, files);
      await git(work, 'commit', '--quiet', '--amend', '-m', message);
      return git(work, 'rev-parse', 'HEAD');
    };
    const readme = await next({ 'README.md': 'x' });
    const untouched = await pull();
    expect(await git(clone, 'rev-parse', 'HEAD')).toBe(readme);
    expect(untouched).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        'refs/heads/main: deploy.yml does not deploy it, the merge changes nothing in deploy.yml, web/**.',
      ),
    });
    await next({ 'web/a': 'a' }, 'page [skip deploy]');
    expect((await pull()).stderr).toContain('the commit says [skip deploy]');
    await next({ 'web/a': 'b' });
    expect((await pull('--squash', 'origin', 'main')).stderr).toContain('Not deployed: a squash makes no commit');
    await git(clone, 'reset', '--quiet', '--hard');
    await git(clone, 'checkout', '--quiet', '-b', 'side');
    expect((await pull('origin', 'main')).stderr).toContain('it starts by main, not by refs/heads/side');
    await git(clone, 'checkout', '--quiet', '--detach');
    await next({ 'web/a': 'c' });
    expect((await pull('origin', 'main')).stderr).toContain('Not deployed: HEAD is on no branch.');
  }));

test('a playbook with a problem must be said with its place, and deploys nothing', () =>
  withClone(async ({ work, clone, pull }) => {
    const broken = await commitFiles(work, { 'deploy.yml': DEPLOY.replace('compose.up', 'compose.upp') });
    const pulled = await pull();
    expect(await git(clone, 'rev-parse', 'main')).toBe(broken);
    expect(pulled).toMatchObject({ code: 0, stderr: expect.stringMatching(/deploy\.yml:4:\d+: .*compose\.upp/) });
    expect(pulled.stderr).toContain('refs/heads/main: not deployed.');
  }));

test('a merge in another work tree of the clone must not deploy', () =>
  withClone(async ({ work, clone, base }) => {
    const other = join(base, 'other');
    await git(clone, 'worktree', 'add', '--quiet', '-b', 'side', other);
    await commitFiles(work, { 'web/a': 'a' });
    const merged = await tryGit(other, ['pull', '--quiet', 'origin', 'main']);
    expect(merged).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/the stack is run from .*\/shop, and this is/),
    });
  }));

test('the hook from before must be kept and run first, told of the squash', () =>
  withRepository(async (work, base) => {
    const clone = join(base, 'shop');
    await commitFiles(work, { 'deploy.yml': DEPLOY });
    await git(base, 'clone', '--quiet', work, clone);
    const hook = join(clone, '.git/hooks/post-merge');
    await writeFile(hook, `#!/bin/sh\necho "$@" >>${join(base, 'former')}\nexit 1\n`);
    await chmod(hook, 0o755);
    expect(await install(clone, '--playbook', 'deploy.yml')).toMatchObject({ code: 0 });
    await commitFiles(work, { 'README.md': 'x' });
    const pulled = await tryGit(clone, ['pull', '--quiet']);
    expect(await readFile(join(base, 'former'), 'utf8')).toBe('0\n');
    expect(pulled.stderr).toContain('the merge changes nothing in');
    await runPlaybook(['hooks', 'uninstall', 'post-merge'], { cwd: clone, env: gitEnv });
    expect(await readFile(hook, 'utf8')).toContain('former');
  }));

test('it must be installed in a clone, with one playbook, for a folder in it', () =>
  withRepository(async (work, base) => {
    expect(await install(work)).toMatchObject({ code: 2, stderr: expect.stringContaining('needs one --playbook') });
    expect(await install(work, '--playbook', 'deploy.yml', '--folder', base)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('post-merge deploys in the clone itself.'),
    });
    const bare = join(base, 'shop.git');
    await git(base, 'init', '--quiet', '--bare', bare);
    expect(await install(bare, '--playbook', 'deploy.yml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('post-merge deploys in the clone itself, and this is none.'),
    });
    await git(work, 'config', 'core.hooksPath', join(base, 'everybody'));
    expect(await install(work, '--playbook', 'deploy.yml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('other repositories'),
    });
    expect(existsSync(join(base, 'everybody'))).toBe(false);
  }));
