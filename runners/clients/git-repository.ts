import { Refusal } from '../../src/errors.ts';
import { type ProgramResult, runProgram } from './program.ts';

/** Where a repository is; `top` is its work tree, which a bare one has not. */
export type RepositoryPlace = { git_dir: string; hooks: string; top?: string };

/** A repository, for reading. A tree is a commit, or the index where it is left out. */
export type GitReader = {
  place(): Promise<RepositoryPlace | undefined>;
  /** Whether it is a commit that is here. */
  hasCommit(commit: string): Promise<boolean>;
  /** The commit that a ref points to. */
  commitOf(ref: string): Promise<string | undefined>;
  /** The branch that is checked out, as a whole ref. */
  branch(): Promise<string | undefined>;
  message(commit: string): Promise<string>;
  /** The commit that a work tree of this repository is on; undefined where the folder is none. */
  deployed(folder: string, git_dir: string): Promise<string | undefined>;
  /** Paths that differ between two commits, those that are gone among them. */
  changed(from: string, to: string): Promise<string[]>;
  /** Paths that differ from all that refs of the repository lead to by now; undefined: the whole history is new. */
  brought(commit: string): Promise<string[] | undefined>;
  /** Paths that the next commit would change. */
  staged(): Promise<string[]>;
  /** Paths of the YAML files with a top key `playbook`. */
  playbooks(tree?: string): Promise<string[]>;
  /** The text of a file as it stands in the tree; undefined where it has none there. */
  text(path: string, tree?: string): Promise<string | undefined>;
};

export type GitPlace = { cwd: string; env: Readonly<Record<string, string>>; stdin?: string };

/** Asks git about the repository that a hook runs for, or that a folder stands in. */
export function gitReader(place: GitPlace): GitReader {
  const ask = (args: readonly string[]) => runGit(args, place);
  const names = async (args: readonly string[]) => splitNames((await succeed(args, place)).stdout);
  const changed = (from: string, to: string) => names(['diff', '--name-only', '-z', '--no-renames', from, to, '--']);
  return {
    place: () => placeOf(place),
    hasCommit: async (commit) => (await ask(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0,
    async commitOf(ref) {
      const found = await ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
      return found.exitCode === 0 ? found.stdout : undefined;
    },
    async branch() {
      const found = await ask(['symbolic-ref', '--quiet', 'HEAD']);
      return found.exitCode === 0 ? found.stdout : undefined;
    },
    message: async (commit) => (await succeed(['log', '-1', '--format=%B', commit, '--'], place)).stdout,
    async deployed(folder, git_dir) {
      const { commitOfFolder } = await import('./git-folder.ts');
      return (await commitOfFolder(git_dir, folder, anotherFolder(place.env)).catch(() => null)) ?? undefined;
    },
    changed,
    async brought(commit) {
      const list = await succeed(['rev-list', '--boundary', commit, '--not', '--all', '--'], place);
      const lines = list.stdout.split('\n').filter((line) => line !== '');
      if (lines.length === 0) return [];
      const known = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
      const each = await Promise.all(known.slice(0, MOST_KNOWN).map((from) => changed(from, commit)));
      const [first, ...more] = each.map((paths) => new Set(paths));
      return first && [...first].filter((path) => more.every((paths) => paths.has(path)));
    },
    staged: () => names(['diff', '--cached', '--name-only', '-z', '--no-renames', '--diff-filter=d', '--']),
    async playbooks(tree) {
      const where = tree === undefined ? ['--cached'] : [tree];
      // 1: there is none.
      const found = await ask(['grep', '-l', '-z', '-I', '-e', '^playbook:', ...where, '--', '*.yml', '*.yaml']);
      if (found.exitCode > 1) throw refused('grep', found);
      return splitNames(found.stdout).map((name) => (tree === undefined ? name : name.slice(tree.length + 1)));
    },
    async text(path, tree) {
      const found = await ask(['cat-file', 'blob', tree === undefined ? `:0:${path}` : `${tree}:${path}`]);
      return found.exitCode === 0 ? found.stdout : undefined;
    },
  };
}

/** A branch has seldom come from more places than this; with fewer of them more paths count as new. */
const MOST_KNOWN = 20;

/** Runs git in a folder, with no more of git's own variables than say which repository is meant. */
export function runGit(args: readonly string[], { cwd, env, stdin }: GitPlace): Promise<ProgramResult> {
  const signal = new AbortController().signal;
  const input = stdin === undefined ? {} : { stdin };
  const options = { cwd, env: onlyRepository(env), signal, timeout: 120_000, ...input };
  return runProgram('git', ['--no-pager', ...args], options);
}

/** The same; refuses where git fails. */
export async function succeed(args: readonly string[], place: GitPlace): Promise<ProgramResult> {
  const result = await runGit(args, place);
  if (result.exitCode !== 0) throw refused(args[0] ?? '', result);
  return result;
}

function refused(what: string, { lines, lastLine }: ProgramResult): Refusal {
  return new Refusal('unavailable', `git ${what} failed: ${lines.slice(-5).join('\n') || lastLine}.`);
}

/** The objects of a push that is not accepted yet, and the index of a commit that is being made, are named by variables. */
const NAMES_THE_REPOSITORY = new Set(
  `DIR WORK_TREE COMMON_DIR INDEX_FILE OBJECT_DIRECTORY ALTERNATE_OBJECT_DIRECTORIES QUARANTINE_PATH NAMESPACE
   CONFIG_GLOBAL CONFIG_SYSTEM CONFIG_NOSYSTEM`
    .split(/\s+/)
    .map((name) => `GIT_${name}`),
);

/** For git in another folder, which says by itself what its repository is. Objects of a push that is not accepted yet stay known. */
export function anotherFolder(env: GitPlace['env']): Record<string, string> {
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_NAMESPACE'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function onlyRepository(env: GitPlace['env']): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_') || NAMES_THE_REPOSITORY.has(name));
  // What git says is read by this program and must not depend on the user's language.
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
}

async function placeOf(place: GitPlace): Promise<RepositoryPlace | undefined> {
  const found = await runGit(['rev-parse', '--path-format=absolute', '--git-common-dir'], place);
  if (found.exitCode !== 0) return undefined;
  const git_dir = found.stdout;
  const worked = await runGit(['rev-parse', '--show-toplevel'], place);
  const top = worked.exitCode === 0 && worked.stdout !== '' ? worked.stdout : undefined;
  // A relative `core.hooksPath` counts from where hooks run.
  const cwd = top ?? git_dir;
  const hooks = await succeed(['rev-parse', '--path-format=absolute', '--git-path', 'hooks'], { ...place, cwd });
  return { git_dir, hooks: hooks.stdout, ...(top !== undefined && { top }) };
}

/** What `-z` separates. */
export function splitNames(text: string): string[] {
  return text.split('\0').filter((name) => name !== '');
}
