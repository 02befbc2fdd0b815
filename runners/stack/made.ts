import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context, Look } from '../../src/runner/contract.ts';
import type { ObservedContainer } from './model.ts';

/** IDs of containers that this run has made: whatever a file holds, they were made with it, and not with what a release knows. */
export async function madeInRun(look: Look): Promise<ReadonlySet<string>> {
  return known(look);
}

/** Notes containers that were just made; beside the run's frozen file, so that a resumed run knows it too. */
export async function noteMade(containers: readonly Pick<ObservedContainer, 'id'>[], context: Context): Promise<void> {
  if (containers.length === 0) return;
  const made = await known(context.look);
  for (const { id } of containers) made.add(id);
  const { frozen } = context.look;
  if (frozen !== undefined) await writeFile(fileBeside(frozen), JSON.stringify([...made]), { mode: 0o600 });
}

function known(look: Look): Promise<Set<string>> {
  const { frozen } = look;
  return look.resources.once(`stack.made:${frozen ?? ''}`, async () => {
    const text = frozen === undefined ? '[]' : await readFile(fileBeside(frozen), 'utf8').catch(() => '[]');
    return new Set(JSON.parse(text) as string[]);
  });
}

function fileBeside(frozen: string): string {
  return join(dirname(frozen), 'made.json');
}
