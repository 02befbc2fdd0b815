import { StepFailure } from '../../src/errors.ts';
import type { Change, Context, Done, Json, Look, Release, Restored, RunContext } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { containerOf } from '../stack/container.ts';
import { differingContents } from '../stack/contents.ts';
import { desiredStack } from '../stack/desired.ts';
import { keptInRun } from '../stack/kept.ts';
import { keptInspects } from '../stack/kept-inspects.ts';
import type { DesiredStack, ObservedContainer } from '../stack/model.ts';
import { projectContainers } from '../stack/observed.ts';
import { wantedRelease } from '../stack/wanted-release.ts';
import { counted, listed } from '../stack/words.ts';
import { keptDifferences, releaseDifferences } from './compare-decide.ts';

export type CompareReceipt = { id: string; before: Json };
export type CompareOutputs = { release: string; contents: string[]; say: string };

export function planCompare(look: Look, earlier: readonly Change[]): Change[] {
  const { id } = wantedRelease(look);
  const changes = earlier.filter(({ verb }) => verb !== 'keep' && verb !== 'wait');
  if (changes.length === 0) return [];
  return [{ verb: 'record', target: `release ${id}`, because: ['it runs again then'], certainty: 'likely' }];
}

/** F43: what runs is the release, all of it and nothing else; else the rollback has failed. */
export async function runCompare(context: RunContext<CompareReceipt>): Promise<CompareOutputs> {
  const { look } = context;
  const release = wantedRelease(look);
  const desired = await desiredStack(look);
  const now = await present(release, look);
  const differences = await differencesFrom(release, { desired, now, look });
  if (differences.length > 0) throw isOther(release, differences);
  const contents = differingContents(release, desired);
  if (context.changed) await note({ release, desired, now }, context);
  return { release: release.id, contents, say: sayEqual(release, now, contents) };
}

export async function undoCompare({ id, before }: CompareReceipt, context: Context): Promise<Done> {
  await context.releases.markRestored(id, (before ?? undefined) as Restored | undefined);
  return undefined;
}

/** Without what this run has stopped and keeps until it is settled. */
async function present({ project }: Release, look: Look): Promise<ObservedContainer[]> {
  const kept = await keptInRun(look);
  const all = await projectContainers(await dockerReader(look), project);
  return all.filter(({ id }) => !kept.has(id));
}

type Found = { desired: DesiredStack; now: readonly ObservedContainer[]; look: Look };

async function differencesFrom(release: Release, { desired, now, look }: Found): Promise<string[]> {
  if (release.files['config'] !== undefined) return releaseDifferences(release, desired, now);
  const { containers } = await keptInspects(release, look.releases);
  const kept = containers.flatMap((inspect) => containerOf(inspect) ?? []);
  return keptDifferences(kept, now, (text) => look.hmac(text));
}

function isOther({ id }: Release, differences: readonly string[]): StepFailure {
  return new StepFailure(`What runs is not release ${id}: ${differences.join('; ')}.`, {
    class: 'expectation',
    hint: `See what differs with \`playbook status\`; \`playbook rollback ${id}\` tries again, and changes only what is not right yet.`,
  });
}

type Proved = { release: Release; desired: DesiredStack; now: readonly ObservedContainer[] };

async function note({ release, desired, now }: Proved, context: RunContext<CompareReceipt>): Promise<void> {
  const before = (release.restored ?? null) as Json;
  await context.record({ id: release.id, before });
  await context.releases.markRestored(release.id, {
    at: context.clock.now(),
    run: context.run,
    contents: Object.assign({}, ...Object.values(desired.services).map(({ contents }) => contents)),
    hashes: Object.fromEntries(now.map(({ service, hash }) => [service, hash])),
  });
}

function sayEqual({ id }: Release, now: readonly ObservedContainer[], contents: readonly string[]): string {
  const healthy = now.filter(({ health }) => health === 'healthy').length;
  const parts = [counted(now.length, 'container'), ...(healthy > 0 ? [`${healthy} healthy`] : [])];
  const others = contents.length > 0 ? `; left as they are now: ${listed(contents)}` : '';
  return `release ${id} runs again: ${parts.join(', ')}, each with its image and configuration${others}`;
}
