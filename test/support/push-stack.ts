import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended } from './docker.ts';
import { commitFiles, git, gitEnv, tryGit } from './git.ts';
import { runPlaybook } from './run-playbook.ts';
import type { TestStack } from './stack.ts';

/** A stack whose folder is deployed to by pushes to a bare repository beside it. */
export type PushStack = {
  bare: string;
  work: string;
  /** What every program of a push gets, as a login on the server would have it. */
  env: Record<string, string>;
  /** Commits the files (with `$PROJECT` and `$PORT` filled in; null: removed) and gives the commit. */
  commit(files: Readonly<Record<string, string | null>>): Promise<string>;
  push(...args: string[]): Promise<Ended>;
  /** The commit that the stack's folder is on. */
  deployed(): Promise<string>;
};

/** Makes the repositories, and installs the hooks in the bare one. */
export async function pushTo(stack: TestStack, hooks: string[], more: string[] = []): Promise<PushStack> {
  const base = join(stack.folder, '..');
  const [bare, work] = [join(base, 'shop.git'), join(base, 'work')];
  await git(base, 'init', '--quiet', '--bare', '-b', 'main', bare);
  await git(base, 'init', '--quiet', '-b', 'main', work);
  await git(work, 'remote', 'add', 'origin', bare);
  const env = { ...stack.env, PATH: '/usr/local/bin:/usr/bin:/bin' };
  const options = ['--folder', stack.folder, '--playbook', 'deploy.yml', '--state-dir', stack.stateDir, ...more];
  const installed = await runPlaybook(['hooks', 'install', ...hooks, ...options], { cwd: bare, env: gitEnv });
  if (installed.code !== 0) throw new Error(`the hooks could not be installed: ${installed.stderr}`);
  const filled = (text: string) => text.replaceAll('$PROJECT', stack.project).replaceAll('$PORT', String(stack.port));
  return {
    bare,
    work,
    env,
    async commit(files) {
      const texts = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
      for (const [path, text] of Object.entries(files)) if (text === null) await rm(join(work, path));
      return commitFiles(work, Object.fromEntries(texts.map(([path, text]) => [path, filled(text)])));
    },
    push: (...args) => tryGit(work, ['push', ...(args.length > 0 ? args : ['origin', 'main'])], env),
    deployed: () => git(stack.folder, 'rev-parse', 'HEAD'),
  };
}
