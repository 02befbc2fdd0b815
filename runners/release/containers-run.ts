import type { Change, Json, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger, dockerReader } from '../clients/docker.ts';
import type { DockerChanger, DockerReader } from '../clients/docker-types.ts';
import { containerOf, isAnonymous, isLive } from '../stack/container.ts';
import { noteKept } from '../stack/kept.ts';
import { keptInspects } from '../stack/kept-inspects.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { projectContainers } from '../stack/observed.ts';
import { type GroupReceipt, keptContainer } from '../stack/receipt.ts';
import { restoreServices } from '../stack/restore.ts';
import { wantedRelease } from '../stack/wanted-release.ts';
import { type ContainersDecision, decideContainers, type ServiceBack } from './containers-decide.ts';

export type ContainersOutputs = { changed: boolean; restored: string[]; removed: string[]; say: string };

export async function planContainers(look: Look): Promise<Change[]> {
  const { decision } = await observe(look, await dockerReader(look));
  const gaps = await Promise.all(decision.services.map(({ service }) => look.measured(`gap:${service}`)));
  return decision.services.map((back, index) => changeOf(back, gaps[index]?.[0]));
}

/** Stops what is not of the release, then puts its containers back: the same ones where they are here, else made again. */
export async function runContainers(context: RunContext<GroupReceipt>): Promise<ContainersOutputs> {
  const docker = await dockerChanger(context);
  const { decision, kept, now, project, networks } = await observe(context.look, docker);
  const work = decision.services.filter(({ verb }) => verb !== 'keep');
  if (work.length === 0)
    return { changed: false, restored: [], removed: [], say: 'the containers of the release are there' };
  const volumes = (await docker.volumes()).flatMap(({ Name }) => (isAnonymous(Name) ? [Name] : []));
  const services = decision.services.map(({ service }) => service);
  const common = { kind: 'services' as const, project, services, volumes };
  await context.record({
    ...common,
    before: now.map(keptContainer),
    retire: decision.retire.map(({ id }) => id),
    networks: (await docker.networks(project)) as unknown as Json[],
  });
  await noteKept(decision.retire, context);
  const retired = await retire(decision, kept, docker);
  const before = [...kept, ...retired].map(keptContainer);
  const said = await restoreServices({ ...common, before, retire: [], networks: networks as Json[] }, context);
  const named = (matches: (back: ServiceBack) => boolean) => work.filter(matches).map(({ service }) => service);
  return {
    changed: true,
    restored: named(({ verb }) => verb !== 'remove'),
    removed: named(({ verb }) => verb === 'remove'),
    say: said.join('; ') || 'the containers of the release are there again',
  };
}

async function observe(look: Look, docker: DockerReader) {
  const release = wantedRelease(look);
  const { containers, networks } = await keptInspects(release, look.releases);
  const kept = containers.flatMap((inspect) => containerOf(inspect) ?? []);
  const now = await projectContainers(docker, release.project);
  return { decision: decideContainers(kept, now), kept, now, project: release.project, networks: networks as unknown };
}

function changeOf({ service, verb, because, stops, kept, now }: ServiceBack, gap: number | undefined): Change {
  const [first] = kept;
  return {
    verb,
    target: service,
    because: [because],
    certainty: 'certain',
    ...(stops &&
      verb !== 'remove' && {
        downtime: {
          kind: 'gap',
          because: 'what runs stops before the container of the release starts',
          ...(gap !== undefined && { ms: gap }),
        },
      }),
    ...(stops && { kept: 'the container that runs now, stopped' }),
    binds: { containers: now.map(({ id }) => id).join(' '), ...(first && { image: first.image_id }) },
  };
}

/** Dependents first. A name that a container of the release needs is given up; the policy keeps an engine's restart from starting it. */
async function retire(
  { services, retire: all }: ContainersDecision,
  kept: readonly ObservedContainer[],
  docker: DockerChanger,
): Promise<ObservedContainer[]> {
  const ids = new Set(all.map(({ id }) => id));
  const names = new Set(kept.map(({ name }) => name));
  const ordered = services.toReversed().flatMap(({ now }) => now.filter(({ id }) => ids.has(id)));
  const retired: ObservedContainer[] = [];
  for (const container of ordered) {
    await docker.restartPolicy(container.id, { Name: 'no' });
    if (isLive(container)) await docker.stop(container.id);
    if (names.has(container.name)) await docker.rename(container.id, `${container.name}-${container.id.slice(0, 12)}`);
    const inspect = await docker.container(container.id);
    const stopped = inspect && containerOf(inspect);
    if (stopped) retired.push(stopped);
  }
  return retired;
}
