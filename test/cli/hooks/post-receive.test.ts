import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitFiles, git, gitEnv, tryGit, withRepository } from '../../support/git.ts';
import { runPlaybook } from '../../support/run-playbook.ts';
import { treeOf } from '../../support/tree-of.ts';

const DEPLOY =
  'playbook: v1\nname: deploy\nsteps:\n  - { id: up, uses: compose.up }\nstart:\n  - git: { hook: post-receive, ref: live }\n';

type Place = { work: string; bare: string; folder: string; base: string };

/** What these pushes lead to is decided before an engine is asked. */
async function withServer(body: (place: Place) => Promise<void>): Promise<void> {
  await withRepository(async (work, base) => {
    const [bare, folder] = [join(base, 'shop.git'), join(base, 'shop')];
    await git(base, 'init', '--quiet', '--bare', bare);
    const words = ['hooks', 'install', 'post-receive', '--folder', '../shop', '--playbook', 'deploy.yml'];
    const installed = await runPlaybook([...words, '--state-dir', join(base, 'state')], { cwd: bare, env: gitEnv });
    expect(installed).toMatchObject({ code: 0 });
    await body({ work, bare, folder, base });
  });
}

/** Nothing was deployed, nothing was run, and not even the state folder was made. */
async function mustBeUntouched({ folder, base, work }: Place): Promise<void> {
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(join(base, 'state'))).toBe(false);
  expect(Object.keys(await treeOf(base)).filter((path) => path.endsWith('pwned'))).toEqual([]);
  expect((await tryGit(work, ['ls-files', '--others'])).stdout).toBe('');
}

test('hostile names of refs and paths must stay names', () =>
  withServer(async (place) => {
    const hostile = ['$(touch${IFS}pwned)', '`touch${IFS}pwned`', "';touch${IFS}pwned;'", '--help', '{{x}}', 'é"&|'];
    await commitFiles(place.work, {
      'deploy.yml': DEPLOY,
      '$(touch pwned)': 'x',
      '-f': 'x',
      '{{secrets}}/"\n': 'x',
    });
    const refs = hostile.map((name) => `HEAD:refs/heads/x${name}`);
    const pushed = await tryGit(place.work, ['push', '../shop.git', ...refs]);
    expect(pushed.code).toBe(0);
    for (const name of hostile)
      expect(pushed.stderr).toContain(`refs/heads/x${name}: deploy.yml does not deploy it, it starts by live`);
    await mustBeUntouched(place);
  }));

test('what does not deploy must say why: no playbook, a deleted ref, a problem in the playbook', () =>
  withServer(async (place) => {
    const push = async (...args: string[]) => (await tryGit(place.work, ['push', '../shop.git', ...args])).stderr;
    await commitFiles(place.work, { 'a.txt': 'a' });
    expect(await push('HEAD:live')).toContain('refs/heads/live: not deployed, there is no deploy.yml in it.');
    expect(await push(':live')).toContain('refs/heads/live: not deployed, it is deleted.');
    await commitFiles(place.work, { 'deploy.yml': DEPLOY.replace('compose.up', 'compose.upp') });
    expect(await push('HEAD:live')).toMatch(/deploy\.yml:4:\d+: there is no action `compose\.upp`/);
    await commitFiles(place.work, { 'deploy.yml': DEPLOY });
    await git(place.work, 'commit', '--quiet', '--allow-empty', '-m', 'no [skip deploy]');
    expect(await push('HEAD:live')).toContain('does not deploy it, the commit says [skip deploy].');
    await mustBeUntouched(place);
  }));

test('it must be installed with a folder and one playbook, outside of the repository', () =>
  withRepository(async (work, base) => {
    const install = (...more: string[]) =>
      runPlaybook(['hooks', 'install', 'post-receive', ...more], { cwd: work, env: gitEnv });
    expect(await install()).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --folder') });
    const inside = await install('--folder', '.', '--playbook', 'deploy.yml');
    expect(inside).toMatchObject({ code: 2, stderr: expect.stringContaining('is the repository itself') });
    await git(work, 'config', 'core.hooksPath', join(base, 'everybody'));
    const shared = await install('--folder', '../shop', '--playbook', 'deploy.yml');
    expect(shared).toMatchObject({ code: 2, stderr: expect.stringContaining('other repositories') });
    expect(existsSync(join(base, 'everybody'))).toBe(false);
  }));
