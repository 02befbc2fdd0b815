import type { Look } from '../../src/runner/contract.ts';
import { runProgram } from './program.ts';

export type GitState = { commit: string; branch?: string; dirty: boolean };

/** The commit that a folder is on; undefined where it is no checkout, where git is not there, or has no commit yet. */
export async function gitState(directory: string, look: Look): Promise<GitState | undefined> {
  const args = ['-C', directory, 'status', '--porcelain=v2', '--branch', '--untracked-files=no'];
  const result = await runProgram('git', args, {
    env: withoutGit(look.env),
    signal: look.signal,
    timeout: 10_000,
  }).catch(() => undefined);
  look.signal.throwIfAborted();
  return result?.exitCode === 0 ? readStatus(result.stdout) : undefined;
}

export function readStatus(text: string): GitState | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = (name: string) => lines.find((line) => line.startsWith(`# branch.${name} `))?.split(' ')[2];
  const commit = header('oid');
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const branch = header('head');
  const dirty = lines.some((line) => !line.startsWith('#'));
  return { commit, dirty, ...(branch !== undefined && branch !== '(detached)' && { branch }) };
}

/** Inside a git hook, git's own variables would name another repository. Reading must not refresh the index either. */
function withoutGit(env: Look['env']): Record<string, string> {
  const rest = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(rest), GIT_OPTIONAL_LOCKS: '0' };
}
