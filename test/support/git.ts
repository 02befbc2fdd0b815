import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Ended, program } from './docker.ts';

const person = { NAME: 'x', EMAIL: 'x@example.org' };

/** Nobody's own settings of git, and somebody who commits. */
export const gitEnv: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    Object.entries(person).flatMap(([what, value]) => [
      [`GIT_AUTHOR_${what}`, value],
      [`GIT_COMMITTER_${what}`, value],
    ]),
  ),
};

/** git in a folder, whatever it ends with. */
export function tryGit(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return program('git', ['-C', folder, ...args], { env: { ...gitEnv, ...env } });
}

/** Throws when it fails; gives what it said without the last newline. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const ended = await tryGit(folder, args);
  if (ended.code !== 0) throw new Error(`git ${args.join(' ')} ended with ${ended.code}: ${ended.stderr.trim()}`);
  return ended.stdout.replace(/\n$/, '');
}

/** Writes the files, and commits all there is; gives the commit. */
export async function commitFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '--quiet', '--allow-empty', '--no-verify', '-m', 'change');
  return git(folder, 'rev-parse', 'HEAD');
}

/** An empty repository `work` in a folder of its own, which is removed at the end. */
export async function withRepository(body: (work: string, base: string) => Promise<void>): Promise<void> {
  const base = await mkdtemp(join(tmpdir(), 'playbook-git-'));
  const work = join(base, 'work');
  try {
    await mkdir(work);
    await git(work, 'init', '--quiet', '-b', 'main');
    await body(work, base);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}
