import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { isLive } from '../stack/container.ts';
import { wholeEngine } from '../stack/whole-engine.ts';
import { type Decision, decideContainers } from './decide.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';
import { keptForNow, planned, type Removal, removeAll } from './remove.ts';

export type AgeParams = { older_than: number };

export async function planContainers(params: AgeParams, look: Look): Promise<Change[]> {
  const { remove, keep } = await decided(params, look);
  const removals = remove.map(({ what: { id, name }, because }) => ({ kind: 'container', id, name, because }) as const);
  return [...planned(removals), ...keptForNow('container', keep, params.older_than)];
}

/** Their unnamed volumes stay: somebody may want what is in there. They are listed with the orphaned ones from then on. */
export async function pruneContainers(params: AgeParams, context: RunContext<PruneReceipt>): Promise<PruneOutputs> {
  const { remove, keep } = await decided(params, context.look);
  const docker = await dockerChanger(context);
  const removals = remove.map(({ what: { id, name }, because }): Removal => {
    const removeIt = async () => {
      const state = (await docker.container(id))?.State.Status as Parameters<typeof isLive>[0]['state'] | undefined;
      if (state !== undefined && isLive({ state })) return false;
      await docker.remove(id, { anonymousVolumes: false });
      return true;
    };
    return { kind: 'container', id, name, because, remove: removeIt };
  });
  return removeAll(removals, keep.length, context);
}

async function decided({ older_than }: AgeParams, look: Look): Promise<Decision<{ id: string; name: string }>> {
  return decideContainers(await wholeEngine(look, { sizes: false }), { older_than, now: look.clock.now() });
}
