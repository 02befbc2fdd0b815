import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../src/runner/contract.ts';
import { isLive } from '../stack/container.ts';
import type { ObservedContainer } from '../stack/model.ts';
import type { StartParams } from './start-plan.ts';

/**
 * IDs of what the service had before the first attempt at this very start, kept in the run's folder: what an attempt that
 * was cut has made is told from it, so that one that runs again does not double (F34).
 */
export async function thereBefore(
  params: StartParams,
  now: readonly ObservedContainer[],
  { folder }: Pick<Context, 'folder'>,
): Promise<ReadonlySet<string>> {
  const key = createHash('sha256')
    .update(`${params.service} ${params.replace.join(' ')}`)
    .digest('hex')
    .slice(0, 16);
  const file = join(folder, `replicas-${key}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return new Set(JSON.parse(text) as string[]);
  const ids = now.map(({ id }) => id);
  await writeFile(file, JSON.stringify(ids), { mode: 0o600 });
  return new Set(ids);
}

/** Of what a cut attempt made: what runs as wanted is taken over, the rest goes. Pure. */
export function sortNewer(
  containers: readonly ObservedContainer[],
  before: ReadonlySet<string>,
  outdated: readonly string[],
): { adopted: ObservedContainer[]; halfMade: ObservedContainer[] } {
  const newer = containers.filter(({ id }) => !before.has(id));
  const good = (container: ObservedContainer) => isLive(container) && !outdated.includes(container.id);
  return { adopted: newer.filter(good), halfMade: newer.filter((container) => !good(container)) };
}
