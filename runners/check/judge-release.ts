import { stat } from 'node:fs/promises';
import { StepFailure } from '../../src/errors.ts';
import type { Judgement, Look, Release } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { contentSources, differingContents } from '../stack/contents.ts';
import { desiredStack } from '../stack/desired.ts';
import { keptInspects } from '../stack/kept-inspects.ts';
import type { DesiredStack } from '../stack/model.ts';
import { sourceVariables } from '../stack/source-variables.ts';
import { missingImages } from '../stack/wanted-release.ts';
import { decideRelease, type GoneImage, type ReleaseFacts } from './decide-release.ts';
import { unsetVariables } from './judge-way-back.ts';

export type ReleaseParams = { data: 'ask' | 'stays' };

/** Looks at everything that putting the release back would need; the registry is asked only for what is not here (F48). */
export async function judge({ data }: ReleaseParams, look: Look): Promise<Judgement> {
  const { release } = look;
  if (!release)
    return {
      verdict: 'no-go',
      say: 'This playbook does not say which release to go back to.',
      hint: 'Write `target: { release: previous }`, or use `playbook rollback`.',
    };
  const [docker, desired, newestFirst] = await Promise.all([
    dockerReader(look),
    desiredStack(look),
    look.releases.list(),
  ]);
  const env = await sourceVariables(desired.model, look);
  const differing = differingContents(release, desired);
  const gone = await goneFiles(desired, differing);
  const facts: ReleaseFacts = {
    id: release.id,
    age_ms: ageOf(release, look),
    ...(release.commit !== undefined && { commit: release.commit }),
    images: Object.keys(release.services).length,
    gone_images: await goneImages(release, docker),
    gone_things: await goneThings(release, desired, { docker, look }),
    unset: unsetVariables(desired.model, env),
    other_variables: otherVariables(release, env, look),
    gone_files: gone,
    other_contents: differing.filter((name) => !gone.includes(name)),
    contents_file: release.files['contents'] ?? null,
    compose: { was: release.compose_version, now: desired.compose_version },
    irreversible: irreversibleSince(release, newestFirst),
  };
  return decideRelease(facts, data);
}

/** What runs of newer releases did and no rollback takes back, newest first. Pure. */
export function irreversibleSince(release: Release, newestFirst: readonly Release[]): ReleaseFacts['irreversible'] {
  const at = newestFirst.findIndex(({ id }) => id === release.id);
  return newestFirst
    .slice(0, Math.max(0, at))
    .flatMap(({ id, run, irreversible = [] }) =>
      irreversible.map((what) => ({ release: id, ...(run !== undefined && { run }), what })),
    );
}

/** In whole minutes: a guard's words should not change with every look. */
function ageOf(release: Release, look: Look): number {
  return Math.max(0, Math.round((look.clock.now() - release.created_at) / 60_000)) * 60_000;
}

async function goneImages(release: Release, docker: DockerReader): Promise<GoneImage[]> {
  const missing = await missingImages(release, docker);
  return Promise.all(missing.map(async (image) => ({ ...image, registry: await registrySays(image.digests, docker) })));
}

async function registrySays(digests: readonly string[], docker: DockerReader): Promise<GoneImage['registry']> {
  const [reference] = digests;
  if (reference === undefined) return 'never had it';
  try {
    await docker.registryDigest(reference);
    return 'has it';
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return error.class === 'not-found' ? 'has it no more' : 'does not answer';
  }
}

type Asking = { docker: DockerReader; look: Look };

/** Volumes that would come back empty, and networks and volumes of others that have to be there. */
async function goneThings(
  release: Release,
  desired: DesiredStack,
  { docker, look }: Asking,
): Promise<ReleaseFacts['gone_things']> {
  if (release.files['config'] === undefined) return goneVolumes(await mountedVolumes(release, look), docker);
  const { networks = {}, volumes = {} } = desired.model;
  const networksGone = Object.entries(networks).map(async ([key, defined]) => {
    if (!defined?.external) return [];
    const name = defined.name ?? key;
    return (await docker.network(name)) ? [] : [{ kind: 'network' as const, name, external: true }];
  });
  const volumesGone = Object.entries(volumes).map(async ([key, defined]) => {
    const name = defined?.name ?? key;
    const gone = (await docker.volume(name)) === undefined;
    return gone ? [{ kind: 'volume' as const, name, external: defined?.external === true }] : [];
  });
  return (await Promise.all([...networksGone, ...volumesGone])).flat();
}

async function mountedVolumes(release: Release, look: Look): Promise<string[]> {
  const { containers } = await keptInspects(release, look.releases);
  const names = containers.flatMap(({ Mounts }) =>
    (Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
  );
  return [...new Set(names)].sort();
}

async function goneVolumes(names: readonly string[], docker: DockerReader): Promise<ReleaseFacts['gone_things']> {
  const there = await Promise.all(names.map((name) => docker.volume(name)));
  return names
    .filter((_name, index) => there[index] === undefined)
    .map((name) => ({ kind: 'volume', name, external: false }));
}

/** Variables of secrets and configs that are set to something else than then. */
function otherVariables({ fingerprints }: Release, env: Readonly<Record<string, string>>, look: Look): string[] {
  return Object.entries(fingerprints).flatMap(([key, hmac]) => {
    const [kind, name = ''] = key.split(' ', 2);
    const value = env[name];
    return kind === 'variable' && value !== undefined && look.hmac(value) !== hmac ? [name] : [];
  });
}

/** Of contents that differ: those whose file is not there any more. Compose could not make the container without it. */
async function goneFiles(desired: DesiredStack, differing: readonly string[]): Promise<string[]> {
  const sources = Object.values(desired.services).flatMap(({ config }) => contentSources(config, desired.model));
  const checked = differing.map(async (name) => {
    const file = sources.find((source) => source.name === name)?.file;
    const there = file === undefined || (await stat(file).catch(() => undefined)) !== undefined;
    return there ? [] : [name];
  });
  return (await Promise.all(checked)).flat();
}
