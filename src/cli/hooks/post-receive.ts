import { join, resolve } from 'node:path';
import { Refusal } from '../../errors.ts';
import { newRunId } from '../../history/run-id.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import type { Playbook } from '../../playbook/types.ts';
import { printProblems } from '../../report/problem.ts';
import type { Invocation } from '../command.ts';
import { openHistory } from '../history-access.ts';
import { openGit, openRegistry } from '../wire.ts';
import type { Git } from './check-trees.ts';
import { deploy } from './deploy.ts';
import { whyNot } from './filters.ts';
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

/** Where a hook deploys to, and with what. */
export type DeployPlace = { invocation: Invocation; git: Git; git_dir: string; path: string };

/** The invocation as if somebody had gone to the stack's folder and typed it there. */
export async function placeOf({ flags, io, args }: Invocation): Promise<DeployPlace> {
  const [path, ...more] = flags.playbook ?? [];
  if (flags.folder === undefined || path === undefined || more.length > 0)
    throw new Refusal('usage', 'This hook needs --folder, and one --playbook.', {
      hint: 'Install it again with both.',
    });
  const git = await openGit({ cwd: io.cwd, env: io.env });
  const repository = await git.place();
  if (repository === undefined) throw new Refusal('usage', `${io.cwd} is no git repository.`);
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !/^(GIT_|PLAYBOOK_APART$)/.test(name)));
  const invocation = { args, flags: { ...flags, yes: true }, io: { ...io, cwd: resolve(flags.folder), env } };
  return { invocation, git, git_dir: repository.git_dir, path };
}

async function received({ ref, to: commit }: RefChange, place: DeployPlace, umask: number): Promise<number> {
  const { invocation, git, git_dir, path } = place;
  const { io } = invocation;
  const file = join(io.cwd, path);
  const text = commit === undefined ? undefined : await git.text(path, commit);
  if (commit === undefined || text === undefined) {
    io.out(`${ref}: not deployed, ${commit === undefined ? 'it is deleted' : `there is no ${path} in it`}.\n`);
    return 0;
  }
  const { playbook, problems } = await loadPlaybook({ file: path, text }, openRegistry());
  if (playbook === undefined) {
    io.err(`${printProblems(problems, new Map([[path, text]]), io.style).trimEnd()}\n${ref}: not deployed.\n`);
    return 2;
  }
  const objection = whyNot(playbook.start, { hook: 'post-receive', ref, ...(await arrived(commit, place)) });
  if (objection !== undefined) {
    io.out(`${ref}: ${path} does not deploy it, ${objection}.\n`);
    return 0;
  }
  io.out(`${ref}: ${path} deploys ${commit.slice(0, 7)} into ${io.cwd}.\n${APART}`);
  return started({ playbook: { ...playbook, file }, text, ref, commit }, { ...place, git_dir }, umask);
}

const APART = 'It goes on without the push; `playbook cancel` on the server stops it.\n';

type Meant = { playbook: Playbook; text: string; ref: string; commit: string };

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

async function arrived(
  commit: string,
  { invocation, git, git_dir }: DeployPlace,
): Promise<{ message: string; changed?: string[] }> {
  const deployed = await git.deployed(invocation.io.cwd, git_dir);
  const message = await git.message(commit);
  return deployed === undefined ? { message } : { message, changed: await git.changed(deployed, commit) };
}
