import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger, dockerReader } from '../clients/docker.ts';
import { sayBytes } from '../stack/words.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';

export type CacheParams = { keep: number };

export async function planCache({ keep }: CacheParams, look: Look): Promise<Change[]> {
  const all = await cacheSize(look);
  if (all !== undefined && all <= keep) return [];
  const size = all === undefined ? 'unknown' : sayBytes(all - keep);
  const because = [keep === 0 ? 'the next build makes it again' : `only ${sayBytes(keep)} of it shall stay`];
  const diff = [{ what: 'size', from: size }];
  return [
    { verb: 'remove', target: 'build cache', because, diff, certainty: all === undefined ? 'unknown' : 'likely' },
  ];
}

export async function pruneCache({ keep }: CacheParams, context: RunContext<PruneReceipt>): Promise<PruneOutputs> {
  const all = await cacheSize(context.look);
  if (all !== undefined && all <= keep)
    return { removed: [], kept: 0, freed: 0, say: `the build cache takes ${sayBytes(all)}, which may stay` };
  await context.record({ removes: ['build cache'] });
  const freed = await (await dockerChanger(context)).pruneBuildCache(keep);
  return {
    removed: freed > 0 ? ['build cache'] : [],
    kept: 0,
    freed,
    say: `build cache cleared, ${sayBytes(freed)} freed`,
  };
}

/** Of what a build is not using right now. */
async function cacheSize(look: Look): Promise<number | undefined> {
  const usage = await (await dockerReader(look)).diskUsage();
  return usage?.BuildCache?.filter(({ InUse, Shared }) => !InUse && !Shared).reduce((sum, { Size }) => sum + Size, 0);
}
