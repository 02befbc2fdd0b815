import type { PlaybookRun } from './run-playbook.ts';
import type { TestStack } from './stack.ts';

type Shell = Record<string, string>;

/** `VARIABLE=value playbook run deploy-stack.yml --yes`, with a short wait and no soak. */
export function deployQuickly(stack: TestStack, env: Shell = {}): Promise<PlaybookRun> {
  return stack.playbook(['run', 'deploy-stack.yml', '--yes', '-i', 'stable_for=1s', '-i', 'soak=0s'], { env });
}

/** `playbook rollback ARGS --yes`, with a short wait. */
export function rollback(stack: TestStack, args: readonly string[] = [], env: Shell = {}): Promise<PlaybookRun> {
  return stack.playbook(['rollback', ...args, '--yes', '-i', 'stable_for=1s'], { env });
}

/** Ids of the releases that `playbook releases` marks as the one that runs. */
export async function runningReleases(stack: TestStack): Promise<string[]> {
  const listed = (await stack.playbook(['releases', '--json'])).json() as { id: string; current: boolean }[];
  return listed.filter(({ current }) => current).map(({ id }) => id);
}
