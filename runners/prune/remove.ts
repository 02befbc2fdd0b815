import { StepFailure } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { counted, sayBytes, sayDuration } from '../stack/words.ts';
import type { Kept } from './decide.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';

/** One thing that goes: how it is called, what it takes, and how it is taken away. */
export type Removal = {
  kind: 'image' | 'container' | 'network' | 'volume';
  id: string;
  /** As a person knows it. */
  name: string;
  because: string;
  /** Bytes that go with it. */
  size?: number;
  /** Bytes of it that stay, as others have them too. */
  shared?: number;
  irreversible?: string;
  /** Looks again right before; false: something needs it by now. */
  remove(): Promise<boolean>;
};

/** What a step would remove, each thing by itself, with what it takes. */
export function planned(removals: readonly Omit<Removal, 'remove'>[]): Change[] {
  return removals.map(({ kind, id, name, because, size, shared = 0, irreversible }) => ({
    verb: 'remove',
    target: `${kind} ${name}`,
    because: [because],
    ...(size !== undefined && { diff: [{ what: sayBytes(size), ...sayShared(shared) }] }),
    certainty: 'likely',
    ...(irreversible !== undefined && { irreversible }),
    binds: { id },
  }));
}

/** What would go, but not yet: a person who sees nothing go has to know why. */
export function keptForNow(kind: Removal['kind'], keep: readonly Kept<unknown>[], older_than: number): Change[] {
  const young = keep.filter(({ for_now }) => for_now === 'new').length;
  const needed = keep.filter(({ for_now }) => for_now === 'busy');
  const isOld = `${counted(young, kind)} not older than ${sayDuration(older_than)}`;
  const stay = (target: string, because: string): Change => ({
    verb: 'keep',
    target,
    because: [because],
    certainty: 'certain',
  });
  return [
    ...(young > 0 ? [stay('what is new', isOld)] : []),
    ...[...Map.groupBy(needed, ({ because }) => because)].map(([because, all]) =>
      stay('what a run may need', `${counted(all.length, kind)}, and ${because}`),
    ),
  ];
}

function sayShared(shared: number): { from?: string } {
  return shared === 0 ? {} : { from: `and ${sayBytes(shared)} that other images have too` };
}

/** Removes one after the other. What cannot go, as something needs it by now, is told and stays. */
export async function removeAll(
  removals: readonly Removal[],
  kept: number,
  context: RunContext<PruneReceipt>,
): Promise<PruneOutputs> {
  if (removals.length === 0) return { removed: [], kept, freed: 0, say: 'there is nothing to remove' };
  await context.record({ removes: removals.map(({ kind, id }) => `${kind} ${id}`) });
  const before = await layers(context.look);
  const removed: Removal[] = [];
  for (const [index, removal] of removals.entries()) {
    context.signal.throwIfAborted();
    context.progress({ say: `removing ${removal.kind} ${removal.name}`, done: index, total: removals.length });
    if (await removeOne(removal, context)) removed.push(removal);
  }
  const freed = await freedBytes(removed, before, context.look);
  const left = removals.length - removed.length;
  return { removed: removed.map(({ name }) => name), kept: kept + left, freed, say: sayRemoved(removed, freed, left) };
}

async function removeOne(removal: Removal, context: RunContext<PruneReceipt>): Promise<boolean> {
  try {
    if (await removal.remove()) return true;
    context.log(`${removal.kind} ${removal.name} stays: something needs it by now.`);
  } catch (error) {
    // The engine's own word against it: in use, or another image is built on it.
    if (!(error instanceof StepFailure) || error.class !== 'conflict') throw error;
    context.log(`${removal.kind} ${removal.name} stays. ${error.message}`);
  }
  return false;
}

/** Images share layers: how much they took is only known by what is left. */
async function freedBytes(removed: readonly Removal[], before: number | undefined, look: Look): Promise<number> {
  const own = removed.filter(({ kind }) => kind !== 'image').reduce((sum, { size = 0 }) => sum + size, 0);
  const after = removed.some(({ kind }) => kind === 'image') ? await layers(look) : before;
  return own + (before === undefined || after === undefined ? 0 : Math.max(0, before - after));
}

async function layers(look: Look): Promise<number | undefined> {
  return (await (await dockerReader(look)).diskUsage())?.LayersSize;
}

function sayRemoved(removed: readonly Removal[], freed: number, left: number): string {
  const kind = removed[0]?.kind ?? 'thing';
  const stays = left === 0 ? '' : `; ${left} could not go, as something needs them by now`;
  return `${counted(removed.length, kind)} removed, ${sayBytes(freed)} freed${stays}`;
}
