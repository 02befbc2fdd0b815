import { sep } from 'node:path';
import { newRunId } from '../../history/run-id.ts';
import type { Invocation } from '../command.ts';
import { exitCodeOfError, exitCodeOfRun } from '../exit-codes.ts';
import { sayError } from '../failure.ts';
import { type OpenHistory, openHistory } from '../history-access.ts';
import { openGitFolders } from '../wire.ts';
import type { Arrived } from './filters.ts';
import { type Meant, meantBy, problemsIn } from './meant.ts';
import { type DeployPlace, placeInClone } from './place.ts';
import { runCommit } from './run-commit.ts';
import { inTurn } from './turn.ts';

type Clone = DeployPlace & { top: string };

/** Deploys what has been merged into the branch of this clone. Git has moved the files by then, and they stay as they are. */
export async function postMerge(invocation: Invocation): Promise<number> {
  const clone = await placeInClone(invocation);
  const { git, path } = clone;
  const { io } = clone.invocation;
  const [ref, commit, before] = await Promise.all([git.branch(), git.commitOf('HEAD'), git.commitOf('ORIG_HEAD')]);
  const not = whyNothing({ ref, commit, squash: invocation.args[1] === '1' }) ?? elsewhere(clone);
  if (not !== undefined || ref === undefined || commit === undefined) {
    io.out(`Not deployed: ${not}.\n`);
    return 0;
  }
  const answer = await meantBy({ ref, commit }, clone, () => merged(commit, before, clone));
  if ('not' in answer) {
    io.out(`${ref}: ${answer.not}.\n`);
    return 0;
  }
  if ('problems' in answer) {
    io.err(`${problemsIn(clone, answer, io.style)}${ref}: not deployed.\n`);
    return 2;
  }
  io.out(`${ref}: ${path} deploys ${short(commit)} in ${io.cwd}.\n${APART}`);
  const code = await inItsTurn(answer.meant, clone).catch(async (error: unknown) => {
    await sayError(error, io);
    return exitCodeOfError(error);
  });
  if (code !== 0) io.err(whatStays(answer.meant, before, clone));
  return code;
}

const APART = 'It goes on without the terminal; `playbook cancel` stops it.\n';

function whyNothing(head: {
  ref?: string | undefined;
  commit?: string | undefined;
  squash: boolean;
}): string | undefined {
  if (head.squash) return 'a squash makes no commit; commit it, and run the playbook';
  if (head.commit === undefined) return 'there is no commit yet';
  return head.ref === undefined ? 'HEAD is on no branch' : undefined;
}

/** Work trees of one repository share their hooks. */
function elsewhere({ invocation, top }: Clone): string | undefined {
  const { cwd } = invocation.io;
  return cwd === top || cwd.startsWith(top + sep) ? undefined : `the stack is run from ${cwd}, and this is ${top}`;
}

/** What `start` is held against when something has been merged. */
async function merged(commit: string, before: string | undefined, { git }: Clone): Promise<Omit<Arrived, 'ref'>> {
  const head = { hook: 'post-merge', message: await git.message(commit) } as const;
  return before === undefined ? head : { ...head, changed: await git.changed(before, commit) };
}

async function inItsTurn(meant: Meant, clone: Clone): Promise<number> {
  const { invocation } = clone;
  const history = openHistory(invocation);
  try {
    const run = newRunId((id) => history.store.findRun(id) !== undefined);
    const source = { file: meant.playbook.file, text: meant.text };
    const { wait } = meant.playbook.lock;
    return await inTurn({ invocation, history, source, run, wait }, () => deploy(meant, { clone, history, run }));
  } finally {
    history.close();
  }
}

type Deploying = { clone: Clone; history: OpenHistory; run: string };

async function deploy(meant: Meant, { clone, history, run }: Deploying): Promise<number> {
  const { invocation, git, git_dir, top } = clone;
  const { ref, commit, text, playbook } = meant;
  const now = await git.commitOf('HEAD');
  if (now !== commit) {
    invocation.io.out(
      `HEAD is on ${short(now)} by now, so ${short(commit)} is not deployed: what is there by now is.\n`,
    );
    return 0;
  }
  // No move at all: it refuses files that somebody has changed, which would be deployed under the name of this commit.
  const { planMove } = await openGitFolders();
  await planMove({ folder: top, git_dir, to: commit, umask: process.umask() }, invocation.io.env);
  const source = { file: playbook.file, text };
  const { status } = await runCommit({ invocation, history, source, run, started_by: `git merge into ${ref}` });
  return exitCodeOfRun(status);
}

/** Putting them back would move a person's branch, or leave it with changes that are in the way of the next pull. */
function whatStays({ ref, commit }: Meant, before: string | undefined, { top, path }: Clone): string {
  const back = before === undefined ? '' : `, or go back with git -C ${top} reset --keep ${short(before)}`;
  return `${ref} and the files in ${top} stay on ${short(commit)}: git has merged already.\nPull a commit that mends it, run ${path} again${back}.\n`;
}

function short(commit: string | undefined): string {
  return commit === undefined ? 'no commit' : commit.slice(0, 7);
}
