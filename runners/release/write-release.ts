import type { Context, Release } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { ObservedContainer, ObservedStack } from '../stack/model.ts';

/** Gives every image of a release its keep tag. Again and again, for a tag that is there already is no change. */
export async function keepImages(release: Omit<Release, 'files'>, context: Context): Promise<void> {
  const docker = await dockerChanger(context);
  for (const { image_id, keep_tag, image } of Object.values(release.services)) {
    if (await docker.image(image_id)) await docker.tag(image_id, keep_tag);
    else context.log(`The image of ${image} (${image_id}) is gone: this release cannot be restored from here.`);
  }
}

/** Everything the engine says of the stack, whole: a container can be made again from it. */
export function inspectsOf(observed: ObservedStack, containers: readonly ObservedContainer[]): Uint8Array {
  const { networks, volumes } = observed;
  return Buffer.from(JSON.stringify({ containers: containers.map(({ inspect }) => inspect), networks, volumes }));
}
