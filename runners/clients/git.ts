import type { Look } from '../../src/runner/contract.ts';
import { runProgram } from './program.ts';

/** Output of a reading git command in the stack's folder; undefined where there is no git, no repository or no such thing. */
export async function askGit(args: readonly string[], look: Look): Promise<string | undefined> {
  // A hook's GIT_* variables point to another repository than the one of the stack's folder.
  const env = Object.fromEntries(Object.entries(look.env).filter(([name]) => !name.startsWith('GIT_')));
  const options = { env, signal: look.signal, cwd: look.target.directory, timeout: 10_000 };
  const result = await runProgram('git', args, options).catch(() => undefined);
  look.signal.throwIfAborted();
  return result?.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** The commit that is checked out where the stack's files are. */
export function gitCommit(look: Look): Promise<string | undefined> {
  return askGit(['rev-parse', '--verify', 'HEAD'], look);
}
