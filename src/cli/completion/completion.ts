import { Refusal } from '../../errors.ts';
import type { Invocation } from '../command.ts';
import { SCRIPTS, type Shell } from './scripts.ts';

/** `playbook completion SHELL`: what the shell reads to complete playbook's words. */
export async function completion({ args, io }: Invocation): Promise<number> {
  const [shell = ''] = args;
  const shells = Object.keys(SCRIPTS);
  if (!shells.includes(shell))
    throw new Refusal('usage', shell === '' ? 'Say which shell.' : `There is no completion for ${shell}.`, {
      hint: `Shells: ${shells.join(', ')}.`,
    });
  io.out(SCRIPTS[shell as Shell]);
  return 0;
}
