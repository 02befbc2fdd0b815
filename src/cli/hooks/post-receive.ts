import { newRunId } from '../../history/run-id.ts';
import type { Invocation } from '../command.ts';
import { openHistory } from '../history-access.ts';
import { deploy } from './deploy.ts';
import type { Arrived } from './filters.ts';
import { type Meant, meantBy, problemsIn } from './meant.ts';
import { type DeployPlace, placeOf } from './place.ts';
import type { RefChange } from './ref-lines.ts';
import { inTurn } from './turn.ts';

/** Deploys what has been pushed, ref by ref; gives the exit code of the first that did not go well. */
export async function postReceive(invocation: Invocation, changes: readonly RefChange[]): Promise<number> {
  // Before anything is opened: our own files are nobody else's business, those of the stack are its containers'.
  const umask = process.umask();
  const place = await placeOf(invocation);
  let code = 0;
  for (const change of changes) {
    const ended = await received(change, place, umask);
    code = code === 0 ? ended : code;
  }
  return code;
}

async function received({ ref, to }: RefChange, place: DeployPlace, umask: number): Promise<number> {
  const { io } = place.invocation;
  // An annotated tag is an object of its own.
  const commit = to === undefined ? undefined : await place.git.commitOf(to);
  if (commit === undefined) {
    io.out(`${ref}: not deployed, it ${to === undefined ? 'is deleted' : 'leads to no commit'}.\n`);
    return 0;
  }
  const answer = await meantBy({ ref, commit }, place, () => arrived(commit, place));
  if ('not' in answer) {
    io.out(`${ref}: ${answer.not}.\n`);
    return 0;
  }
  if ('problems' in answer) {
    io.err(`${problemsIn(place, answer, io.style)}${ref}: not deployed.\n`);
    return 2;
  }
  io.out(`${ref}: ${place.path} deploys ${commit.slice(0, 7)} into ${io.cwd}.\n${APART}`);
  return started(answer.meant, place, umask);
}

const APART = 'It goes on without the push; `playbook cancel` on the server stops it.\n';

async function started(meant: Meant, { invocation, git, git_dir }: DeployPlace, umask: number): Promise<number> {
  const history = openHistory(invocation);
  try {
    const run = newRunId((id) => history.store.findRun(id) !== undefined);
    const source = { file: meant.playbook.file, text: meant.text };
    const { wait } = meant.playbook.lock;
    return await inTurn({ invocation, history, source, run, wait }, () =>
      deploy({ ...meant, invocation, history, git, git_dir, run, umask }),
    );
  } finally {
    history.close();
  }
}

/** What `start` is held against when a commit has been pushed. */
export async function arrived(
  commit: string,
  { invocation, git, git_dir }: DeployPlace,
): Promise<Omit<Arrived, 'ref'>> {
  const deployed = await git.deployed(invocation.io.cwd, git_dir);
  const head = { hook: 'post-receive', message: await git.message(commit) } as const;
  return deployed === undefined ? head : { ...head, changed: await git.changed(deployed, commit) };
}
