import type { Context } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { observedStack } from '../stack/observed.ts';
import { foundRelease } from './compose-release.ts';
import { foundFingerprints } from './fingerprints.ts';
import { outlineOf } from './outline.ts';
import { inspectsOf, keepImages } from './write-release.ts';

/**
 * Records what runs as release `found` on a stack that has no release yet, so that the way back outlives the first run.
 * Its files may have been edited since it was started: only what the engine knows of it is kept.
 */
export async function recordFound(context: Context): Promise<string | undefined> {
  const { look, releases } = context;
  if ((await releases.list()).length > 0) return undefined;
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const containers = [...Object.values(observed.services).flat(), ...observed.orphans];
  const [first] = containers;
  if (!first) return undefined;
  const docker = await dockerReader(look);
  const head = {
    id: 'found',
    engine_id: (await docker.version()).id,
    created_at: context.clock.now(),
    compose_version: first.compose_version,
    profiles: look.target.profiles,
    fingerprints: foundFingerprints(containers, look),
  };
  const marks = Object.fromEntries(Object.values(desired.services).map((service) => [service.name, service.marks]));
  const release = foundRelease(head, observed, containers);
  await keepImages(release, context);
  await releases.write(release, {
    inspects: inspectsOf(observed, containers),
    outline: Buffer.from(outlineOf(desired.project, containers, marks)),
  });
  return release.id;
}
