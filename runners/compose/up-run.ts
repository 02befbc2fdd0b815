import { StepFailure } from '../../src/errors.ts';
import type { Context, Json, RunContext } from '../../src/runner/contract.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { NetworkInspect } from '../clients/docker-types.ts';
import { isAnonymous, isLive } from '../stack/container.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { createContainers, type Up } from '../stack/make/create.ts';
import { putRight } from '../stack/make/put-right.ts';
import { checkStillThere } from '../stack/make/start.ts';
import { chosen, groupsOf, type Work, worksOf } from '../stack/make/work.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { type GroupReceipt, keptContainer } from '../stack/receipt.ts';
import { listed } from '../stack/words.ts';
import type { UpParams } from './up-plan.ts';
import type { UpReceipt } from './up-receipt.ts';
import { switchOver } from './up-switch.ts';

export type UpOutputs = {
  changed: boolean;
  created: string[];
  replaced: string[];
  started: string[];
  removed: string[];
  jobs: Record<string, number>;
  say: string;
};

/** Brings the stack to what the files want: receipts first, then everything new beside the old, then the switch. */
export async function runUp(params: UpParams, context: RunContext<UpReceipt>): Promise<UpOutputs> {
  const { look } = context;
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const decisions = chosen(decideServices(desired, observed, []), desired, params.services);
  const works = worksOf(decisions, desired, observed);
  const orphans = params.orphans === 'remove' ? observed.orphans : [];
  if (works.length === 0 && orphans.length === 0) return outputsOf([], [], {});
  const docker = await dockerChanger(context);
  const uncut = await dockerChanger(neverCut(context));
  const up: Up = { desired, observed, works, context, docker, uncut };
  checkImages(up);
  await recordAll(up, orphans, context);
  await Promise.all(orphans.filter(isLive).map((orphan) => retireOrphan(orphan, up)));
  await pointNames(up, context);
  const made = await putRight(up, await createContainers(up));
  const { jobs } = await switchOver(up, made);
  for (const work of works.filter(({ job }) => !job)) {
    const started = [...(made.get(work.service) ?? []).map(({ id }) => id), ...work.start];
    await checkStillThere(started, work.service, up);
  }
  return outputsOf(works, orphans, jobs);
}

/** The same context, but for the signal: what goes on in the engine after a cancel has to be seen to its end. */
function neverCut(context: Context): Context {
  const signal = { value: new AbortController().signal, enumerable: true };
  return Object.create(context, { signal, look: { value: Object.create(context.look, { signal }) } }) as Context;
}

/** Every container that may be touched is written down, whole, before the first is (DESIGN §6.3). */
async function recordAll(up: Up, orphans: readonly ObservedContainer[], context: RunContext<UpReceipt>): Promise<void> {
  const { desired, observed, works, docker } = up;
  const { project } = desired;
  const [networks, volumes] = await Promise.all([docker.networks(project), docker.volumes()]);
  const anonymous = volumes.flatMap(({ Name }) => (isAnonymous(Name) ? [Name] : []));
  if (works.some((work) => work.make > 0) && bringsNewThings(up)) {
    const named = volumes.flatMap(({ Name }) => (isAnonymous(Name) ? [] : [Name]));
    await context.record({ kind: 'networks', project, before: networks.map(({ Name }) => Name), volumes: named });
  }
  if (orphans.length > 0) {
    const services = [...new Set(orphans.map(({ service }) => service))];
    await context.record(
      group({ project, services, containers: orphans, retire: orphans, networks, volumes: anonymous }),
    );
  }
  for (const services of groupsOf(works, desired)) {
    const members = works.filter(({ service }) => services.includes(service));
    const leftovers = new Set(members.flatMap(({ decision }) => decision.leftovers));
    const containers = services
      .flatMap((service) => observed.services[service] ?? [])
      .filter(({ id }) => !leftovers.has(id));
    const retire = members.flatMap((work) => work.retire);
    await context.record(group({ project, services, containers, retire, networks, volumes: anonymous }));
  }
}

/** Whether Compose will make a network or a volume besides the containers. */
function bringsNewThings({ desired, observed }: Up): boolean {
  const missing = (defined: ComposeModel['networks'], there: readonly { Name: string }[]) =>
    Object.entries(defined ?? {}).some(([key, one]) => !there.some(({ Name }) => Name === (one?.name ?? key)));
  return missing(desired.model.networks, observed.networks) || missing(desired.model.volumes, observed.volumes);
}

type GroupParts = {
  project: string;
  services: string[];
  containers: readonly ObservedContainer[];
  retire: readonly ObservedContainer[];
  networks: NetworkInspect[];
  volumes: string[];
};

function group({ project, services, containers, retire, networks, volumes }: GroupParts): GroupReceipt {
  return {
    kind: 'services',
    project,
    services,
    before: containers.map(keptContainer),
    retire: retire.map(({ id }) => id),
    networks: networks as unknown as Json[],
    volumes,
  };
}

async function retireOrphan(orphan: ObservedContainer, { uncut }: Up): Promise<void> {
  await uncut.restartPolicy(orphan.id, { Name: 'no' });
  await uncut.stop(orphan.id);
}

/** F03: nothing is stopped before every image is here. */
function checkImages({ works, desired }: Up): void {
  const missing = works.filter((work) => work.make > 0 && work.decision.image_id === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ service }) => `${desired.services[service]?.image} (${service})`);
  throw new StepFailure(`Not here: the image ${listed(names)}.`, {
    class: 'not-found',
    hint: 'Let compose.pull or compose.build stand before compose.up, or pull it by hand.',
  });
}

/** Compose makes containers by name: each name has to mean the image of the plan, whoever moved it meanwhile (F06). */
async function pointNames({ works, desired, docker }: Up, context: RunContext<UpReceipt>): Promise<void> {
  for (const work of works.filter(({ make }) => make > 0)) {
    const name = desired.services[work.service]?.image ?? '';
    const to = work.decision.image_id;
    const now = (await docker.image(name))?.Id ?? null;
    if (to === undefined || now === to || name.includes('@')) continue;
    await context.record({ kind: 'tag', name, from: now, to });
    await docker.tag(to, name);
  }
}

function outputsOf(works: Up['works'], orphans: readonly ObservedContainer[], jobs: Record<string, number>): UpOutputs {
  const services = (matches: (work: Work) => boolean) => works.filter(matches).map(({ service }) => service);
  const done = {
    created: services(({ decision }) => decision.add > 0),
    replaced: services(({ decision }) => decision.replace.length > 0),
    started: services(({ start }) => start.length > 0),
    removed: [...services(({ decision }) => decision.surplus.length > 0), ...orphans.map(({ name }) => name)],
  };
  return { changed: works.length > 0 || orphans.length > 0, ...done, jobs, say: sayDone(done, jobs) };
}

type Outcome = Pick<UpOutputs, 'created' | 'replaced' | 'started' | 'removed'>;

/** `migrate run; api and web recreated`: a job that ran was neither created nor replaced for its own sake. */
function sayDone({ created, replaced, started, removed }: Outcome, jobs: Record<string, number>): string {
  const services = (names: readonly string[]) => names.filter((name) => !(name in jobs));
  const parts: [string[], string][] = [
    [Object.keys(jobs), 'run'],
    [services(created), 'created'],
    [services(replaced), 'recreated'],
    [services(started), 'started'],
    [removed, 'stopped: too many, or not in the files'],
  ];
  const said = parts.flatMap(([names, word]) => (names.length === 0 ? [] : [`${listed(names)} ${word}`]));
  return said.length === 0 ? 'everything is as wanted' : said.join('; ');
}
