import { join } from 'node:path';
import { Refusal } from '../errors.ts';
import { shippedPlaybooks } from '../package-root.ts';
import type { Invocation } from './command.ts';
import { run } from './run.ts';

/** `playbook rollback [RELEASE]`: runs the shipped playbook `rollback`; the release is its input, `previous` when left out. */
export async function rollback({ args, flags, io }: Invocation): Promise<number> {
  const [release] = args;
  const given = flags.input['release'];
  if (release !== undefined && given !== undefined && given !== release)
    throw new Refusal('usage', `Two releases are named: ${release}, and -i release=${given}.`, {
      hint: 'Name one of them: playbook rollback RELEASE.',
    });
  const input = release === undefined ? flags.input : { ...flags.input, release };
  // A saved plan says itself which playbook it is of.
  const playbook = flags.plan === undefined ? [join(shippedPlaybooks(), 'rollback.yml')] : [];
  return run({ args: playbook, flags: { ...flags, input }, io });
}
