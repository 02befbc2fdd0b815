import { isDeepStrictEqual } from 'node:util';
import { Defect } from '../errors.ts';
import type { Target } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { createLook, NO_MEMORY } from './look.ts';
import { createResources, type OpenResources } from './resources.ts';
import { targetOf } from './stack-look.ts';
import { stackReads } from './wire.ts';

/** What has been asked of a stack before the playbook said which one it means. */
export type Ahead = {
  /** The answers, if the playbook means this stack; else they are dropped. */
  for(target: Target): OpenResources;
  close(): void;
};

/**
 * Asks Compose and the engine while the language is still being loaded and the playbook read: most playbooks leave the
 * target to the command line, and then half of the waiting is over by then. Resolves while Compose is at work.
 */
export async function lookAhead({ flags, io }: Pick<Invocation, 'flags' | 'io'>): Promise<Ahead> {
  const resources = createResources();
  const target = targetOf({ flags, io });
  const signal = new AbortController().signal;
  const options = { target, resources, memory: NO_MEMORY, env: io.env, signal, playbook_dir: io.cwd };
  await stackReads.ahead(
    createLook(options, () => {
      throw new Defect('looking ahead asks no history');
    }),
  );
  return {
    for(meant) {
      if (isDeepStrictEqual(meant, target)) return resources;
      resources.close();
      return createResources();
    },
    close: () => resources.close(),
  };
}
