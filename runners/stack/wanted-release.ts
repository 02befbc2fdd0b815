import { Refusal } from '../../src/errors.ts';
import type { Look, Release } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';

/** The release that this run is to put back; a Refusal where the playbook names none. */
export function wantedRelease({ release }: Pick<Look, 'release'>): Release {
  if (release) return release;
  throw new Refusal('no-go', 'This playbook does not say which release to go back to.', {
    hint: 'Write `target: { release: previous }`, or the id of a release, or use `playbook rollback`.',
  });
}

/** An image of a release that the engine does not have any more. */
export type MissingImage = { service: string; image: string; image_id: string; digests: string[] };

/** By ID, never by name: a name may mean another image by now. */
export async function missingImages({ services }: Release, docker: DockerReader): Promise<MissingImage[]> {
  const found = await Promise.all(
    Object.entries(services).map(async ([service, { image, image_id, digests, containers }]) => {
      const gone = containers > 0 && (await docker.image(image_id)) === undefined;
      return gone ? [{ service, image, image_id, digests }] : [];
    }),
  );
  return found.flat();
}
