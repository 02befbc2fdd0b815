import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { wholeEngine } from '../stack/whole-engine.ts';
import type { AgeParams } from './containers-run.ts';
import { type Decision, decideNetworks } from './decide.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';
import { keptForNow, planned, type Removal, removeAll } from './remove.ts';

export async function planNetworks(params: AgeParams, look: Look): Promise<Change[]> {
  const { remove, keep } = await decided(params, look);
  const removals = remove.map(({ what: { id, name }, because }) => ({ kind: 'network', id, name, because }) as const);
  return [...planned(removals), ...keptForNow('network', keep, params.older_than)];
}

export async function pruneNetworks(params: AgeParams, context: RunContext<PruneReceipt>): Promise<PruneOutputs> {
  const { remove, keep } = await decided(params, context.look);
  const docker = await dockerChanger(context);
  const removals = remove.map(({ what: { id, name }, because }): Removal => {
    const removeIt = async () => {
      const now = decideNetworks(await wholeEngine(context.look, { sizes: false }), {
        older_than: 0,
        now: context.clock.now(),
      });
      if (now.keep.some(({ what }) => what.id === id)) return false;
      await docker.removeNetwork(id);
      return true;
    };
    return { kind: 'network', id, name, because, remove: removeIt };
  });
  return removeAll(removals, keep.length, context);
}

async function decided({ older_than }: AgeParams, look: Look): Promise<Decision<{ id: string; name: string }>> {
  return decideNetworks(await wholeEngine(look, { sizes: false }), { older_than, now: look.clock.now() });
}
