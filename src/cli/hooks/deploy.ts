import type { Playbook } from '../../playbook/types.ts';
import type { Invocation } from '../command.ts';
import { exitCodeOfRun } from '../exit-codes.ts';
import type { OpenHistory } from '../history-access.ts';
import { type GitFolders, type GitMove, openGitFolders } from '../wire.ts';
import type { Git } from './check-trees.ts';
import { dropPending, leftBehind, notePending } from './pending.ts';
import { checkoutStep, runCommit } from './run-commit.ts';

export type Deployment = {
  /** In the stack's folder, with the options that the hook was installed with. */
  invocation: Invocation;
  history: OpenHistory;
  git: Git;
  git_dir: string;
  /** As it stands in the commit. */
  playbook: Playbook;
  text: string;
  ref: string;
  commit: string;
  run: string;
  umask: number;
};

/** Puts the folder on the pushed commit, plans and runs, and puts the folder back where the run has not answered for it. */
export async function deploy(deployment: Deployment): Promise<number> {
  const { invocation, git, git_dir, ref, commit, umask } = deployment;
  const { io } = invocation;
  const folder = io.cwd;
  const folders = await openGitFolders();
  await tidy({ git_dir, folder }, deployment, folders);
  const now = await git.commitOf(ref);
  if (now !== commit) {
    io.out(`${ref} is on ${short(now)} by now, so ${short(commit)} is not deployed: the newer push is.\n`);
    return 0;
  }
  const move = await folders.planMove({ folder, git_dir, to: commit, umask }, io.env);
  const code = move.from === commit ? await run(deployment) : await moved(move, deployment, folders);
  if (code !== 0) io.err(`${ref} of the repository stays on ${short(commit)}. Push a commit that mends it.\n`);
  return code;
}

async function moved(move: GitMove, deployment: Deployment, { makeMove, undoMove }: GitFolders): Promise<number> {
  const { io } = deployment.invocation;
  const pending = { run: deployment.run, step: checkoutStep(deployment.playbook), move };
  await notePending(pending);
  let code: number | undefined;
  try {
    await makeMove(move, io.env);
    code = await run(deployment, pending);
    return code;
  } finally {
    // Whatever ended it before the run had the receipt: nothing was deployed from these files.
    if ((await leftBehind(move, deployment.history.store)) !== undefined && code !== 0) {
      await undoMove(move, io.env);
      io.err(`${move.folder} is ${move.from === null ? 'as it was' : `back on ${short(move.from)}`}.\n`);
    }
    await dropPending(move);
  }
}

async function run(deployment: Deployment, move?: { step: string; move: GitMove }): Promise<number> {
  const { invocation, history, playbook, text, ref, run: id } = deployment;
  const source = { file: playbook.file, text };
  const started_by = `git push to ${ref}`;
  const { status } = await runCommit({ invocation, history, source, run: id, started_by, ...(move && { move }) });
  return exitCodeOfRun(status);
}

/** A push that was cut, with the machine or by a kill, before its run began. */
async function tidy(
  place: Pick<GitMove, 'git_dir' | 'folder'>,
  { invocation, history }: Deployment,
  { undoMove }: GitFolders,
): Promise<void> {
  const left = await leftBehind(place, history.store);
  if (left !== undefined) {
    await undoMove(left.move, invocation.io.env);
    invocation.io.err(`An earlier push was cut before its run began; ${place.folder} is back where it was.\n`);
    await dropPending(left.move);
  }
}

function short(commit: string | undefined): string {
  return commit === undefined ? 'no commit' : commit.slice(0, 7);
}
