import type { Invocation } from '../command.ts';
import { openGit } from '../wire.ts';
import { checkTrees, type Git, type Tree } from './check-trees.ts';
import { meantBy, problemsIn } from './meant.ts';
import { type DeployPlace, placeOf } from './place.ts';
import { planCommit } from './plan-commit.ts';
import { arrived } from './post-receive.ts';
import type { RefChange } from './ref-lines.ts';

/**
 * Refuses a push before any ref of it moves: for problems in a playbook that it changes, and for a commit that
 * `post-receive` would deploy and a guard says no-go of. What cannot be decided yet is let through.
 */
export async function preReceive(invocation: Invocation, changes: readonly RefChange[]): Promise<number> {
  const { io, flags } = invocation;
  const git = await openGit({ cwd: io.cwd, env: io.env });
  const commits = await commitsOf(changes, git);
  const wrong = await checkTrees(await changedPlaybooks(commits, git, invocation), git, io);
  if (wrong > 0)
    return refused(`${wrong === 1 ? 'a playbook has' : `${wrong} playbooks have`} problems`, 2, invocation);
  if (flags.folder === undefined) return 0;
  const place = await placeOf(invocation);
  const planned = new Set<string>();
  for (const change of commits) {
    const code = await guarded(change, place, { planned, env: io.env });
    if (code !== 0) return refused(`${change.ref} ${WHY[code] ?? 'cannot be planned'}`, code, invocation);
  }
  return 0;
}

const WHY: Readonly<Record<number, string>> = { 2: 'has problems', 3: 'could not be deployed' };

/** What a ref moves to. */
type Commit = { ref: string; commit: string; from?: string };

/** Without those that are deleted, and tags of something that is no commit. */
async function commitsOf(changes: readonly RefChange[], git: Git): Promise<Commit[]> {
  const found: Commit[] = [];
  for (const { ref, from, to } of changes) {
    const commit = to === undefined ? undefined : await git.commitOf(to);
    if (commit !== undefined) found.push({ ref, commit, ...(from !== undefined && { from }) });
  }
  return found;
}

/** Those that were named at the installation, or all; the one that deploys is not the only one that may break. */
async function changedPlaybooks(commits: readonly Commit[], git: Git, { flags }: Invocation): Promise<Tree[]> {
  const named = flags.folder === undefined ? flags.playbook : undefined;
  const trees: Tree[] = [];
  for (const { commit, from } of commits) {
    const known = from !== undefined && (await git.hasCommit(from));
    const changed = known ? await git.changed(from, commit) : await git.brought(commit);
    const playbooks = changed?.length === 0 ? [] : (named ?? (await git.playbooks(commit)));
    const paths = changed === undefined ? playbooks : playbooks.filter((path) => changed.includes(path));
    trees.push({ tree: commit, paths });
  }
  return trees;
}

type Asked = { planned: Set<string>; env: Invocation['io']['env'] };

async function guarded({ ref, commit }: Commit, place: DeployPlace, { planned, env }: Asked): Promise<number> {
  const { io } = place.invocation;
  const answer = await meantBy({ ref, commit }, place, () => arrived(commit, place));
  if ('not' in answer) return 0;
  if ('problems' in answer) {
    io.err(problemsIn(place, answer, io.style));
    return 2;
  }
  // Several refs may lead to one commit.
  if (planned.has(commit)) return 0;
  planned.add(commit);
  return planCommit(answer.meant, { ...place, env });
}

function refused(why: string, code: number, { io }: Invocation): number {
  io.err(`The push is refused, and no ref has moved: ${why}.\n`);
  return code;
}
