import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import { commitOfFolder, differingFrom, type GitMove, isThere, names } from './git-folder.ts';
import { type GitPlace, runGit, succeed } from './git-repository.ts';

type Env = GitPlace['env'];

/** Puts the folder on the commit. Files that git does not track stay as they are. */
export async function makeMove(move: GitMove, env: Env): Promise<void> {
  return withUmask(move.umask, () => make(move, env));
}

async function make({ folder, git_dir, from, to, made }: GitMove, env: Env): Promise<void> {
  if (from !== null) {
    await switchTo(to, folder, env);
    return;
  }
  await mkdir(folder, { recursive: true });
  if (!existsSync(join(folder, '.git'))) await adopt(folder, git_dir, to, env);
  const place = { cwd: folder, env };
  await succeed(['read-tree', to], place);
  await succeed(['checkout-index', '-q', '-z', '--stdin'], { ...place, stdin: listed(made) });
  await runGit(['update-index', '-q', '--refresh'], place);
}

/** A plain checkout of exactly this commit, on no branch. It refuses where it would overwrite something. */
async function switchTo(commit: string, folder: string, env: Env): Promise<void> {
  // A hook of the repository must not run here: it would be told of a checkout that nobody made.
  const args = [
    '-c',
    'core.hooksPath=/dev/null',
    'checkout',
    '--quiet',
    '--no-overwrite-ignore',
    '--detach',
    commit,
    '--',
  ];
  const result = await runGit(args, { cwd: folder, env });
  if (result.exitCode === 0) return;
  throw new Refusal('no-go', `${folder} cannot be put on ${commit.slice(0, 7)}: ${result.lines.join('\n')}`);
}

/** Makes the folder, with the files that are in it, a work tree of the repository: git itself only adds empty ones. */
async function adopt(folder: string, git_dir: string, to: string, env: Env): Promise<void> {
  const aside = await mkdtemp(join(tmpdir(), 'playbook-worktree-'));
  const empty = join(aside, basename(folder));
  const place = { cwd: git_dir, env };
  try {
    await succeed(
      ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', '--no-checkout', '--detach', empty, to],
      place,
    );
    await writeFile(join(folder, '.git'), await readFile(join(empty, '.git')), { flag: 'wx' });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await succeed(['worktree', 'repair', folder], place);
}

/** Takes a move back, wherever it was cut; one that has not happened, or is back already, is left alone. */
export async function undoMove(move: GitMove, env: Env): Promise<void> {
  return withUmask(move.umask, () => undo(move, env));
}

/** This process keeps what it writes to itself; the files of a stack are read by its containers. */
async function withUmask(umask: number, work: () => Promise<void>): Promise<void> {
  const own = process.umask(umask);
  try {
    await work();
  } finally {
    process.umask(own);
  }
}

async function undo(move: GitMove, env: Env): Promise<void> {
  const { folder, git_dir, from, to } = move;
  const now = await commitOfFolder(git_dir, folder, env);
  if (now !== null && now !== from && now !== to) throw movedOn(move, now);
  if (from === null) return removeMade(move, env);
  if (now === from) return mend(move, from, env);
  return switchTo(from, folder, env);
}

/** Cut between the first file and git's note of it: what is of the new commit goes back, and nothing else is touched. */
async function mend(move: GitMove, from: string, env: Env): Promise<void> {
  const { folder, to } = move;
  const place = { cwd: folder, env };
  const touched = await names(['diff', '--name-only', '-z', '--no-renames', from, to, '--'], folder, env);
  const [unlikeOld, unlikeNew] = await Promise.all([differingFrom(from, move, env), differingFrom(to, move, env)]);
  const inOld = new Set(await names(['ls-tree', '-r', '-z', '--name-only', '--full-tree', from], folder, env));
  const isNew = (path: string) => isThere(join(folder, path)) && !unlikeNew.includes(path);
  const gone = (path: string) => !isThere(join(folder, path));
  const back = touched.filter((path) => inOld.has(path) && unlikeOld.includes(path) && (isNew(path) || gone(path)));
  const surplus = touched.filter((path) => !inOld.has(path) && isNew(path));
  await removeFiles(folder, surplus);
  await succeed(['read-tree', from], place);
  await succeed(['checkout-index', '-f', '-q', '-z', '--stdin'], { ...place, stdin: listed(back) });
  await runGit(['update-index', '-q', '--refresh'], place);
}

/** The folder was no checkout before: what was made in it goes, unless somebody has changed it since. */
async function removeMade(move: GitMove, env: Env): Promise<void> {
  const { folder, git_dir, to, made } = move;
  if (!existsSync(folder)) return;
  const changed = await differingFrom(to, move, env);
  await removeFiles(
    folder,
    made.filter((path) => !changed.includes(path)),
  );
  await rm(join(folder, '.git'), { force: true });
  await succeed(['worktree', 'prune'], { cwd: git_dir, env });
  const left = made.filter((path) => isThere(join(folder, path)));
  if (left.length > 0) throw new Refusal('no-go', `${left.join(', ')} in ${folder} stay: somebody has changed them.`);
}

/** And the folders that are empty then. */
async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await rm(join(folder, path), { force: true });
    for (let above = dirname(path); above !== '.'; above = dirname(above))
      if (
        !(await rmdir(join(folder, above)).then(
          () => true,
          () => false,
        ))
      )
        break;
  }
}

function movedOn({ folder, from, to }: GitMove, now: string): Refusal {
  const short = (commit: string | null) => commit?.slice(0, 7) ?? 'no commit';
  return new Refusal('no-go', `${folder} is on ${short(now)} by now, neither on ${short(from)} nor on ${short(to)}.`);
}

function listed(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}
