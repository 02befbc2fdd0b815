import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFiles, git, gitEnv, tryGit, withRepository } from '../../support/git.ts';
import { runPlaybook } from '../../support/run-playbook.ts';

const hooks = (cwd: string, ...args: string[]) => runPlaybook(['hooks', ...args], { cwd, env: gitEnv });

const installed = async (work: string): Promise<string[]> =>
  (await readdir(join(work, '.git/hooks'))).filter((name) => !name.endsWith('.sample')).sort();

const FORMER = '#!/bin/sh\necho "$0 $*" >>../former\ncat >>../former\n';

async function writeFormer(folder: string, name: string, text = FORMER): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}

test('installing must be the same done once or twice, and uninstalling must leave what was there before', () =>
  withRepository(async (work) => {
    const first = await hooks(work, 'install', 'pre-commit', 'pre-push');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^installed: pre-commit, /) });
    const text = await readFile(join(work, '.git/hooks/pre-commit'), 'utf8');
    expect(await hooks(work, 'install', 'pre-commit')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^is there already: /),
    });
    expect(await readFile(join(work, '.git/hooks/pre-commit'), 'utf8')).toBe(text);
    expect((await stat(join(work, '.git/hooks/pre-commit'))).mode & 0o777).toBe(0o755);
    expect((await hooks(work)).stdout).toMatch(/^pre-commit .*\npre-push .*\n$/);
    expect(await hooks(work, 'uninstall')).toMatchObject({ code: 0 });
    expect(await installed(work)).toEqual([]);
  }));

test('a hook that is there already must be kept, be run first with all that git says, and come back', () =>
  withRepository(async (work, base) => {
    const folder = join(work, '.git/hooks');
    await writeFormer(folder, 'pre-push');
    const bare = join(base, 'bare.git');
    await git(base, 'init', '--quiet', '--bare', bare);
    const commit = await commitFiles(work, { 'a.txt': 'a' });
    expect(await hooks(work, 'install', 'pre-push')).toMatchObject({ code: 0 });
    await hooks(work, 'install', 'pre-push');
    expect(await installed(work)).toEqual(['pre-push', 'pre-push.before-playbook']);
    expect(await tryGit(work, ['push', bare, 'main'])).toMatchObject({ code: 0 });
    const seen = await readFile(join(base, 'former'), 'utf8');
    expect(seen).toContain(`pre-push.before-playbook ${bare} ${bare}\n`);
    expect(seen).toContain(`refs/heads/main ${commit} refs/heads/main ${'0'.repeat(40)}\n`);
    await hooks(work, 'uninstall', 'pre-push');
    expect(await readFile(join(folder, 'pre-push'), 'utf8')).toBe(FORMER);
    expect(await installed(work)).toEqual(['pre-push']);
  }));

test('a hook from before that refuses must still refuse', () =>
  withRepository(async (work) => {
    await writeFormer(join(work, '.git/hooks'), 'pre-commit', '#!/bin/sh\nexit 7\n');
    await hooks(work, 'install', 'pre-commit');
    await writeFile(join(work, 'a.txt'), 'a');
    await git(work, 'add', '-A');
    expect((await tryGit(work, ['commit', '-m', 'a'])).code).not.toBe(0);
    expect((await tryGit(work, ['rev-parse', '--verify', '--quiet', 'HEAD'])).code).not.toBe(0);
  }));

test('a hook that somebody has written over ours must not be lost', () =>
  withRepository(async (work) => {
    const folder = join(work, '.git/hooks');
    await writeFormer(folder, 'pre-push');
    await hooks(work, 'install', 'pre-push');
    await writeFormer(folder, 'pre-push', '#!/bin/sh\n: newer\n');
    expect(await hooks(work, 'install', 'pre-push')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('by hand'),
    });
    expect((await hooks(work, 'uninstall', 'pre-push')).stdout).toContain('left as it is');
    expect(await readFile(join(folder, 'pre-push'), 'utf8')).toContain('newer');
    expect(await readFile(join(folder, 'pre-push.before-playbook'), 'utf8')).toBe(FORMER);
  }));

test('core.hooksPath must be honoured, also from a folder inside and with odd names', () =>
  withRepository(async (work) => {
    await git(work, 'config', 'core.hooksPath', "my 'hooks'");
    await mkdir(join(work, 'inside'));
    const option = ['--playbook', "it's $(touch pwned).yml"];
    expect(await hooks(join(work, 'inside'), 'install', 'pre-commit', ...option)).toMatchObject({ code: 0 });
    expect(await readdir(join(work, "my 'hooks'"))).toEqual(['pre-commit']);
    await writeFile(join(work, "it's $(touch pwned).yml"), 'playbook: v1\n');
    await git(work, 'add', '-A');
    const commit = await tryGit(work, ['commit', '-m', 'a']);
    expect(commit).toMatchObject({ code: 1, stderr: expect.stringContaining("it's $(touch pwned).yml:1") });
    expect(await readdir(work)).not.toContain('pwned');
  }));

test('where there is no repository, or no such hook, it must say so and exit 2', () =>
  withRepository(async (work, base) => {
    expect(await hooks(base)).toMatchObject({ code: 2, stderr: expect.stringContaining('is no git repository') });
    expect(await hooks(work, 'install', 'pre-comit')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean pre-commit?'),
    });
    expect(await hooks(work, 'instal')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean install?'),
    });
    expect(await installed(work)).toEqual([]);
  }));
