import { join } from 'node:path';
import { Refusal } from '../../errors.ts';
import { printGuards } from '../../plan/print.ts';
import type { StackHeader } from '../../plan/types.ts';
import type { Target } from '../../runner/contract.ts';
import { exitCodeOfError } from '../exit-codes.ts';
import { sayError } from '../failure.ts';
import { type History, readHistory } from '../history-access.ts';
import type { Io } from '../io.ts';
import { prepare, resolvePlaybook } from '../prepare.ts';
import { createResources } from '../resources.ts';
import { openShadows } from '../wire.ts';
import { atWork } from './at-work.ts';
import type { Meant } from './meant.ts';
import type { DeployPlace } from './place.ts';
import { withTemporary } from './temporary.ts';

type Planning = DeployPlace & {
  /** With what git says of a push that is not accepted yet. */
  env: Io['env'];
};

/** Plans a commit as if the folder were on it, and leaves the folder alone; an exit code other than 0 refuses the push. */
export async function planCommit(meant: Meant, planning: Planning): Promise<number> {
  const { invocation } = planning;
  const history = readHistory(invocation);
  const { makeShadowRoot } = await openShadows();
  try {
    return await withTemporary(makeShadowRoot, (root) => judge(meant, { ...planning, history, root }));
  } finally {
    history.close();
  }
}

type Judging = Planning & { history: History; root: string };

async function judge(meant: Meant, judging: Judging): Promise<number> {
  const { root } = judging;
  // Whatever is said of a file in the shadow is meant of the one that it will be.
  const bare = (text: string) => text.replaceAll(`${root}/`, '/').replaceAll(root, '/');
  const { io: given } = judging.invocation;
  const io: Io = {
    ...given,
    cwd: join(root, given.cwd),
    out: (text) => given.out(bare(text)),
    err: (text) => given.err(bare(text)),
  };
  try {
    return await planned(meant, judging, io);
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'no-go' && (await letThrough(meant, judging))) return 0;
    await sayError(error, io);
    return exitCodeOfError(error);
  }
}

async function planned(meant: Meant, judging: Judging, io: Io): Promise<number> {
  const { invocation, git_dir, env, history, root, path } = judging;
  const folder = invocation.io.cwd;
  const { commit } = meant;
  const { castShadow } = await openShadows();
  await castShadow(root, { folder, git_dir, to: commit, umask: process.umask() }, env);
  const invoked = { ...invocation, flags: { ...invocation.flags, quiet: true }, io };
  const source = { file: join(io.cwd, path), text: meant.text };
  const { resolved, resources } = await resolvePlaybook(invoked, NOTHING_AHEAD, source);
  const target = under(root, resolved.target);
  const { plan } = await prepare({ ...resolved, target }, resources, { invocation: invoked, history, shadow: root });
  resources.close();
  if (plan.verdict !== 'no-go' || (await letThrough(meant, judging, plan.stack))) return 0;
  io.err(`${meant.ref}: ${path} cannot deploy ${commit.slice(0, 7)} into ${folder}.\n${printGuards(plan, io.style)}`);
  return 3;
}

/** A look ahead would take the files of now. */
const NOTHING_AHEAD = { for: createResources, close: () => undefined };

/** A playbook may name paths in full, too. */
function under(root: string, target: Target): Target {
  const into = (path: string) => (path.startsWith(`${root}/`) ? path : join(root, path));
  const { directory, files, env_files } = target;
  return { ...target, directory: into(directory), files: files.map(into), env_files: env_files.map(into) };
}

/** What is found while somebody is at work there says nothing of how it will be afterwards. */
async function letThrough(
  { ref }: Meant,
  { invocation, git_dir, history, path }: Judging,
  stack?: StackHeader,
): Promise<boolean> {
  const folder = invocation.io.cwd;
  if (!(await atWork({ folder, git_dir, store: history.store }, stack))) return false;
  invocation.io.err(`${ref}: ${folder} is being worked on. ${path} asks its guards when its turn comes.\n`);
  return true;
}
