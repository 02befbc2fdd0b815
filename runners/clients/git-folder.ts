import { existsSync, lstatSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import { type GitPlace, runGit, splitNames, succeed } from './git-repository.ts';

/**
 * A folder is put from one commit on another; plain JSON, and all that the way back needs. `from` is null where the folder
 * was no checkout before; `made` are then the files that were missing in it. `umask`: which rights new files do not get, since
 * whoever takes it back later may have another one.
 */
export type GitMove = {
  folder: string;
  git_dir: string;
  from: string | null;
  to: string;
  made: string[];
  umask: number;
};

/** What somebody wants of a folder. */
export type WantedMove = Pick<GitMove, 'folder' | 'git_dir' | 'to' | 'umask'>;

type Env = GitPlace['env'];

/** The commit that a folder is on as a work tree of the repository; null where it is no checkout at all. */
export async function commitOfFolder(git_dir: string, folder: string, env: Env): Promise<string | null> {
  if (!existsSync(join(folder, '.git'))) return null;
  const place = { cwd: folder, env };
  const owner = await runGit(['rev-parse', '--path-format=absolute', '--git-common-dir'], place);
  if (owner.exitCode !== 0) throw new Refusal('no-go', `${folder} cannot be used: ${owner.lastLine}.`);
  if ((await realpath(owner.stdout)) !== (await realpath(git_dir)))
    throw new Refusal('no-go', `${folder} is a checkout of another repository, ${owner.stdout}.`, {
      hint: `Move ${join(folder, '.git')} away: the files stay, and the next push takes the folder over.`,
    });
  return (await succeed(['rev-parse', '--verify', 'HEAD^{commit}'], place)).stdout;
}

/** What putting the folder on the commit would be; refuses, with their names, where files would be lost. Changes nothing. */
export async function planMove(move: WantedMove, env: Env): Promise<GitMove> {
  const { folder, git_dir, to } = move;
  const from = await commitOfFolder(git_dir, folder, env);
  if (from === null) return { ...move, from, made: await missingIn(move, env) };
  const status = ['status', '--porcelain=v2', '-z', '--untracked-files=no', '--no-renames'];
  const dirty = splitNames((await succeed(status, { cwd: folder, env })).stdout).map(pathOfStatus);
  if (dirty.length > 0) throw changedByHand(folder, dirty);
  const added = await names(
    ['diff', '--name-only', '-z', '--no-renames', '--diff-filter=A', from, to, '--'],
    folder,
    env,
  );
  const inTheWay = added.filter((path) => isThere(join(folder, path)));
  if (inTheWay.length > 0) throw untracked(folder, inTheWay, to);
  return { ...move, from, made: [] };
}

/** Files of a commit that are not in a folder which is no checkout yet; one that is there must be what the commit has. */
async function missingIn({ folder, git_dir, to }: WantedMove, env: Env): Promise<string[]> {
  const all = await names(['ls-tree', '-r', '-z', '--name-only', '--full-tree', to], git_dir, env);
  const differing = existsSync(folder) ? await differingFrom(to, { folder, git_dir }, env) : all;
  const other = differing.filter((path) => isThere(join(folder, path)));
  if (other.length > 0) throw untracked(folder, other, to);
  return differing;
}

/** Paths of a commit whose files in the folder are missing or have another content. */
export async function differingFrom(
  commit: string,
  { folder, git_dir }: Pick<GitMove, 'folder' | 'git_dir'>,
  env: Env,
): Promise<string[]> {
  const aside = await mkdtemp(join(tmpdir(), 'playbook-index-'));
  try {
    const own = { GIT_DIR: git_dir, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(aside, 'index') };
    const place = { cwd: folder, env: { ...env, ...own } };
    await succeed(['read-tree', commit], place);
    await runGit(['update-index', '-q', '--refresh'], place);
    return splitNames((await succeed(['diff-files', '--name-only', '-z'], place)).stdout);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What git lists, name by name. */
export async function names(args: readonly string[], cwd: string, env: Env): Promise<string[]> {
  return splitNames((await succeed(args, { cwd, env })).stdout);
}

/** Whether anything is there under this path, a broken link too. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function pathOfStatus(line: string): string {
  // `1 XY sub mH mI mW hH hI PATH`, and one field more where it is unmerged.
  return line
    .split(' ')
    .slice(line.startsWith('u') ? 10 : 8)
    .join(' ');
}

function changedByHand(folder: string, paths: readonly string[]): Refusal {
  return new Refusal('no-go', `In ${folder} ${few(paths)} ${paths.length === 1 ? 'was' : 'were'} changed by hand.`, {
    hint: `\`git -C ${folder} diff\` shows how. Commit it, or put it back: git -C ${folder} checkout -- ${paths[0]}`,
  });
}

function untracked(folder: string, paths: readonly string[], to: string): Refusal {
  const say = `In ${folder} ${few(paths)} would be overwritten: ${to.slice(0, 7)} has other contents under ${paths.length === 1 ? 'this name' : 'these names'}.`;
  return new Refusal('no-go', say, { hint: 'Move what is there away, then push again.' });
}

function few(paths: readonly string[]): string {
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : '';
  return `${paths.slice(0, 10).join(', ')}${more}`;
}
