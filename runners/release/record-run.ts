import type { Change, Context, Done, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { gitState } from '../clients/git.ts';
import { desiredStack } from '../stack/desired.ts';
import { observedStack } from '../stack/observed.ts';
import { currentOf, releaseOf } from './compose-release.ts';
import { contentsOf } from './contents.ts';
import { dropReleases, forgetRelease } from './drop.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { inspectsOf, keepImages } from './write-release.ts';

export type RecordParams = { keep: number };
export type RecordReceipt = { id: string; keep: number; keep_tags: string[] };
export type RecordOutputs = { release: string | null; say: string };

/** Whether anything changes is known only at the end: where no step plans a change, no release is announced. */
export function planRecord(earlier: readonly Change[]): Change[] {
  const changes = earlier.filter(({ verb }) => verb !== 'keep' && verb !== 'wait' && verb !== 'checkout');
  if (changes.length === 0) return [];
  const sure = changes.some(({ certainty }) => certainty === 'certain');
  return [
    {
      verb: 'record',
      target: 'release',
      because: [sure ? 'the stack changes' : 'if the stack changes'],
      certainty: sure ? 'likely' : 'unknown',
    },
  ];
}

export async function runRecord({ keep }: RecordParams, context: RunContext<RecordReceipt>): Promise<RecordOutputs> {
  if (!context.changed) return { release: null, say: 'nothing was changed, so there is nothing to record' };
  const { look, releases } = context;
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const [docker, git] = await Promise.all([dockerReader(look), gitState(look.target.directory, look)]);
  const known = (await releases.list()).find((release) => release.run === context.run);
  const head = {
    id: known?.id ?? (await releases.nextId()),
    run: context.run,
    engine_id: (await docker.version()).id,
    created_at: context.clock.now(),
    ...(git && { commit: git.commit }),
    compose_version: desired.compose_version,
    profiles: activeProfiles(look),
    fingerprints: await fingerprintsOf(desired, look),
  };
  const release = releaseOf(head, desired, observed);
  const keep_tags = Object.values(release.services).map((service) => service.keep_tag);
  await context.record({ id: release.id, keep, keep_tags });
  await keepImages(release, context);
  if (!known) {
    await releases.write(release, {
      config: Buffer.from(desired.frozen),
      inspects: inspectsOf(observed, Object.values(observed.services).flatMap(currentOf)),
      contents: await contentsOf(desired),
    });
  }
  return { release: release.id, say: `this is release ${release.id} now` };
}

/** As Compose has it: `--profile`, else COMPOSE_PROFILES. */
function activeProfiles({ target, env }: Look): string[] {
  if (target.profiles.length > 0) return target.profiles;
  const variable = target.env['COMPOSE_PROFILES'] ?? env['COMPOSE_PROFILES'] ?? '';
  return variable.split(',').filter((profile) => profile !== '');
}

export async function undoRecord({ id, keep_tags }: RecordReceipt, context: Context): Promise<Done> {
  const services = Object.fromEntries(keep_tags.map((keep_tag) => [keep_tag, { keep_tag }]));
  await forgetRelease({ id, services }, context);
  return { say: `release ${id} is taken away again` };
}

/** Old releases go only when there is no way back any more. */
export async function settleRecord({ keep }: RecordReceipt, context: Context): Promise<Done> {
  const dropped = await dropReleases(keep, context);
  return dropped.length === 0 ? undefined : { say: `older releases are gone: ${dropped.join(', ')}` };
}
