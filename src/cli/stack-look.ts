import { dirname, resolve } from 'node:path';
import type { Look, Target } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { createLook, type Memory } from './look.ts';
import { createResources } from './resources.ts';
import { stackReads } from './wire.ts';

/** Looks at the stack that the options name, without a playbook; what it opens is closed when `work` has ended. */
export async function withStackLook<T>(
  { flags, io }: Invocation,
  memory: Memory,
  work: (look: Look) => Promise<T>,
): Promise<T> {
  const resources = createResources();
  const target = targetOf({ flags, io });
  const signal = new AbortController().signal;
  const look = createLook({ target, resources, memory, signal, playbook_dir: io.cwd, env: io.env }, stackReads.header);
  try {
    return await work(look);
  } finally {
    resources.close();
  }
}

/** As `docker compose` takes them: relative paths count from the current folder. */
export function targetOf({ flags, io }: Pick<Invocation, 'flags' | 'io'>): Target {
  const here = (path: string) => resolve(io.cwd, path);
  const [first] = flags.file;
  const folder = first === undefined ? io.cwd : dirname(here(first));
  return {
    directory: flags.projectDirectory === undefined ? folder : here(flags.projectDirectory),
    files: flags.file.map(here),
    env_files: flags.envFile.map(here),
    profiles: [...flags.profile],
    env: {},
    ...(flags.project !== undefined && { project: flags.project }),
    ...(flags.context !== undefined && { context: flags.context }),
  };
}
