import { resolve } from 'node:path';
import { Refusal } from '../../errors.ts';
import type { Invocation } from '../command.ts';
import { openGit } from '../wire.ts';
import type { Git } from './check-trees.ts';

/** Where a hook deploys to, and with what. */
export type DeployPlace = {
  /** As if somebody had gone to the stack's folder and typed it there. */
  invocation: Invocation;
  git: Git;
  git_dir: string;
  /** Of the playbook, in the repository. */
  path: string;
};

/** Of a hook that was installed with a folder. */
export async function placeOf(given: Invocation): Promise<DeployPlace> {
  const { folder } = given.flags;
  if (folder === undefined) throw incomplete('--folder, and one --playbook');
  const { git, git_dir } = await repositoryOf(given);
  return {
    invocation: invokedIn(folder, given),
    git,
    git_dir,
    path: onePlaybook(given, '--folder, and one --playbook'),
  };
}

/** Of a hook in a clone: its work tree, unless the stack stands in a folder of it. */
export async function placeInClone(given: Invocation): Promise<DeployPlace & { top: string }> {
  const { git, git_dir, top } = await repositoryOf(given);
  if (top === undefined) throw new Refusal('usage', `${git_dir} has no work tree, so nothing is merged in it.`);
  const path = onePlaybook(given, 'one --playbook');
  return { invocation: invokedIn(given.flags.folder ?? top, given), git, git_dir, path, top };
}

async function repositoryOf({ io }: Invocation): Promise<{ git: Git; git_dir: string; top?: string }> {
  const git = await openGit({ cwd: io.cwd, env: io.env });
  const repository = await git.place();
  if (repository === undefined) throw new Refusal('usage', `${io.cwd} is no git repository.`);
  return { git, ...repository };
}

function invokedIn(folder: string, { flags, io, args }: Invocation): Invocation {
  const env = Object.fromEntries(Object.entries(io.env).filter(([name]) => !/^(GIT_|PLAYBOOK_APART$)/.test(name)));
  return { args, flags: { ...flags, yes: true }, io: { ...io, cwd: resolve(folder), env } };
}

function onePlaybook({ flags }: Invocation, needed: string): string {
  const [path, ...more] = flags.playbook ?? [];
  if (path === undefined || more.length > 0) throw incomplete(needed);
  return path;
}

function incomplete(needed: string): Refusal {
  return new Refusal('usage', `This hook needs ${needed}.`, { hint: 'Install it again with that.' });
}
