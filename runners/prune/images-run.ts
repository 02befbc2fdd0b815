import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { whyKept } from '../stack/keepers.ts';
import { type EngineImage, type WholeEngine, wholeEngine } from '../stack/whole-engine.ts';
import { type Decision, decideImages, type WhichImages } from './decide.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';
import { keptForNow, planned, type Removal, removeAll } from './remove.ts';

export type ImagesParams = { what: WhichImages; older_than: number };

export async function planImages(params: ImagesParams, look: Look): Promise<Change[]> {
  const { remove, keep } = await decided(params, look);
  const removals = remove.map(({ what, because }) => removalOf(what, because));
  return [...planned(removals), ...keptForNow('image', keep, params.older_than)];
}

export async function pruneImages(params: ImagesParams, context: RunContext<PruneReceipt>): Promise<PruneOutputs> {
  const { remove, keep } = await decided(params, context.look);
  const removals = remove.map(
    ({ what, because }): Removal => ({
      ...removalOf(what, because),
      remove: async () => removeImage(what, context, await wholeEngine(context.look, { sizes: false })),
    }),
  );
  return removeAll(removals, keep.length, context);
}

async function decided({ what, older_than }: ImagesParams, look: Look): Promise<Decision<EngineImage>> {
  return decideImages(await wholeEngine(look, { sizes: true }), what, { older_than, now: look.clock.now() });
}

function removalOf(image: EngineImage, because: string): Omit<Removal, 'remove'> {
  const { id, names, digests, size, shared = 0 } = image;
  const name = names[0] ?? digests[0] ?? id.replace('sha256:', '').slice(0, 12);
  return { kind: 'image', id, name, because, size: Math.max(0, size - shared), shared };
}

/** By its names, so that the engine itself refuses where something uses it; one without names by its ID. */
async function removeImage(image: EngineImage, context: RunContext<PruneReceipt>, now: WholeEngine): Promise<boolean> {
  const found = now.images.find(({ id }) => id === image.id);
  if (!found) return true;
  const sameNames = found.names.every((name) => image.names.includes(name));
  if (!sameNames || whyKept(found, now) !== undefined) return false;
  const docker = await dockerChanger(context);
  const names = [...found.names, ...found.digests];
  if (names.length === 0) await docker.removeImage(image.id);
  for (const name of names) if ((await docker.image(name))?.Id === image.id) await docker.untag(name);
  return (await docker.image(image.id)) === undefined;
}
