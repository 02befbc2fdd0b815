import { Refusal } from '../../src/errors.ts';
import type { ReadReleases, Release } from '../../src/runner/contract.ts';
import type { ContainerInspect, NetworkInspect, VolumeInspect } from '../clients/docker-types.ts';

/** What the engine said of a stack when a release was recorded. */
export type KeptInspects = { containers: ContainerInspect[]; networks: NetworkInspect[]; volumes: VolumeInspect[] };

/** Reads the file `inspects` of a release; refuses one that is damaged. */
export async function keptInspects(release: Release, releases: ReadReleases): Promise<KeptInspects> {
  const bytes = await releases.read(release, 'inspects');
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as KeptInspects;
  } catch (error) {
    throw new Refusal(
      'no-go',
      `Release ${release.id} cannot be used: its file ${release.files['inspects']} is damaged.`,
      {
        hint: 'Choose another one from `playbook releases`, or put the file back from a backup.',
        cause: error,
      },
    );
  }
}
