import { sync } from '../../runners/edge/sync.ts';
import { nameLoad } from './edge-stack.ts';
import { sequence } from './replicas.ts';
import type { PlaybookRun } from './run-playbook.ts';
import type { TestStack } from './stack.ts';

/** Lets the edge know what runs, as it stands after the very first start of a stack. */
export async function firstSync(stack: TestStack): Promise<void> {
  await (await sequence(stack)).run(sync, { within: 5000 });
}

/** The real command line brings the stack to the version with a shipped playbook; waits are off. */
export async function updateTo(
  stack: TestStack,
  version: string,
  playbook: 'rolling-update' | 'blue-green',
  inputs: readonly string[] = [],
): Promise<PlaybookRun> {
  await nameLoad(stack, version);
  const all = ['stable_for=0s', 'soak=0s', ...inputs].flatMap((input) => ['-i', input]);
  return stack.playbook(['run', `${playbook}.yml`, '--yes', ...all]);
}
