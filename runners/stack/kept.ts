import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context, Look } from '../../src/runner/contract.ts';
import type { ObservedContainer } from './model.ts';

/** IDs of containers that this run keeps, stopped, for the way back: later steps must not take them for surplus. */
export async function keptInRun(look: Look): Promise<ReadonlySet<string>> {
  return known(look);
}

/**
 * Notes containers before a step stops them (one that still runs counts all the same); beside the run's frozen file, so
 * that a run that was cut in the middle knows it when it goes on.
 */
export async function noteKept(containers: readonly Pick<ObservedContainer, 'id'>[], context: Context): Promise<void> {
  if (containers.length === 0) return;
  const kept = await known(context.look);
  for (const { id } of containers) kept.add(id);
  const { frozen } = context.look;
  if (frozen !== undefined) await writeFile(fileBeside(frozen), JSON.stringify([...kept]), { mode: 0o600 });
}

function known(look: Look): Promise<Set<string>> {
  const { frozen } = look;
  return look.resources.once(`stack.kept:${frozen ?? ''}`, async () => {
    const text = frozen === undefined ? '[]' : await readFile(fileBeside(frozen), 'utf8').catch(() => '[]');
    return new Set(JSON.parse(text) as string[]);
  });
}

function fileBeside(frozen: string): string {
  return join(dirname(frozen), 'kept.json');
}
