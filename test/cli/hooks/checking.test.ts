import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitFiles, git, gitEnv, tryGit, withRepository } from '../../support/git.ts';
import { runPlaybook } from '../../support/run-playbook.ts';

const GOOD = 'playbook: v1\nname: good\nsteps:\n  - { id: up, uses: compose.up }\n';
const BAD = GOOD.replace('compose.up', 'compose.upp');

const install = (cwd: string, ...args: string[]) => runPlaybook(['hooks', 'install', ...args], { cwd, env: gitEnv });
const head = async (folder: string, ref = 'HEAD') =>
  (await tryGit(folder, ['rev-parse', '--verify', '--quiet', ref])).stdout.trim();

/** Git of a hook has the PATH of the pusher's login, which may be a bare one. */
const barePath = { PATH: '/usr/bin:/bin' };

describe('pre-commit', () => {
  test('must refuse a playbook with a problem as it is staged, whatever the file says by now', () =>
    withRepository(async (work) => {
      await install(work, 'pre-commit');
      await writeFile(join(work, 'deploy.yml'), BAD);
      await git(work, 'add', '-A');
      await writeFile(join(work, 'deploy.yml'), GOOD);
      const refused = await tryGit(work, ['commit', '-m', 'a'], barePath);
      expect(await head(work)).toBe('');
      expect(refused.stderr).toMatch(/deploy\.yml:4:\d+: .*compose\.upp/);
      expect(refused.stderr).toContain('The commit is refused: a playbook has problems.');
      // With -a the index is another file, which only GIT_INDEX_FILE names.
      expect(await tryGit(work, ['commit', '-a', '-m', 'a'], barePath)).toMatchObject({ code: 0, stderr: '' });
    }));

  test('must leave other files, and playbooks that do not change, alone', () =>
    withRepository(async (work) => {
      await commitFiles(work, { 'old.yml': BAD, 'gone.yml': BAD });
      await install(work, 'pre-commit');
      await writeFile(join(work, 'compose.yml'), 'services: {}\n');
      await git(work, 'rm', '--quiet', 'gone.yml');
      await git(work, 'add', '-A');
      expect(await tryGit(work, ['commit', '-m', 'b'])).toMatchObject({ code: 0, stderr: '' });
    }));
});

describe('pre-push', () => {
  async function withBare(body: (work: string, bare: string) => Promise<void>): Promise<void> {
    await withRepository(async (work, base) => {
      const bare = join(base, 'bare.git');
      await git(base, 'init', '--quiet', '--bare', bare);
      await install(work, 'pre-push');
      await body(work, bare);
    });
  }

  test('must check what a new branch holds, and later only what changes', () =>
    withBare(async (work, bare) => {
      const broken = await commitFiles(work, { 'deploy.yml': BAD });
      const refused = await tryGit(work, ['push', bare, 'main'], barePath);
      expect(await head(bare, 'refs/heads/main')).toBe('');
      expect(refused.stderr).toContain('deploy.yml:4');
      await git(work, 'push', '--quiet', '--no-verify', bare, 'main');
      const next = await commitFiles(work, { 'a.txt': 'a' });
      expect(await tryGit(work, ['push', '--quiet', bare, 'main'])).toMatchObject({ code: 0, stderr: '' });
      expect(await head(bare, 'refs/heads/main')).toBe(next);
      expect(broken).not.toBe(next);
    }));

  test('must bear hostile refs and paths, tags of anything, and refs that are deleted', () =>
    withBare(async (work, bare) => {
      await commitFiles(work, { '-x $(touch pwned).yml': GOOD, ':(top)é"\n.yml': BAD });
      await git(work, 'branch', '--', "$(touch${IFS}pwned);'`x`");
      await git(work, 'tag', 'blob', await git(work, 'rev-parse', 'HEAD:-x $(touch pwned).yml'));
      const pushed = await tryGit(work, ['push', '--all', bare]);
      expect(pushed).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('The push is refused: a playbook has problems.'),
      });
      await git(work, 'rm', '--quiet', ':(literal):(top)é"\n.yml');
      await git(work, 'commit', '--quiet', '--amend', '--no-verify', '-m', 'good');
      await git(work, 'push', '--quiet', bare, 'main', 'blob');
      await git(work, 'push', '--quiet', bare, ':blob');
      expect(await head(bare, 'refs/heads/main')).toBe(await head(work));
      expect((await tryGit(work, ['ls-files', '--others'])).stdout).toBe('');
    }));
});
