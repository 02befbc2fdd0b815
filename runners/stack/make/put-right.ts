import { containerOf } from '../container.ts';
import { hashesWith, sharedBy } from '../desired.ts';
import { noteMade } from '../made.ts';
import type { ObservedContainer } from '../model.ts';
import { lendersOf } from '../order.ts';
import { createBody, namesFormer, type Successors, volumesByPlace } from '../remake.ts';
import { copyContents } from './copied-contents.ts';
import type { Up } from './create.ts';
import { needsOtherName, type Work } from './work.ts';

/**
 * Puts right what Compose cannot make beside an old container: the name both want, the unnamed volumes that are handed
 * over, the network of a container that is itself new. The container that Compose made is the template (proofs.md §2).
 */
export async function putRight(
  up: Up,
  made: Map<string, ObservedContainer[]>,
): Promise<Map<string, ObservedContainer[]>> {
  const right = new Map(made);
  const firsts: Record<string, string> = {};
  const clonesOf: Record<string, string> = {};
  for (const work of up.works) {
    const templates = made.get(work.service) ?? [];
    const clones: ObservedContainer[] = [];
    for (const [index, template] of templates.entries()) {
      const old = replacedBy(work, index) ?? leftoverOf(work, index, up);
      const right = await putOneRight({ up, work, template, old, firsts, clonesOf });
      clonesOf[template.id] = right.id;
      clones.push(right);
    }
    const [first] = clones;
    if (first && work.decision.keep.length === 0) firsts[work.service] = first.id;
    if (clones.length > 0) right.set(work.service, clones);
  }
  await noteMade([...right.values()].flat(), up.context);
  return right;
}

/** A broken recreate of Compose may have left the only container that still names the old one's volumes (F07). */
function leftoverOf(work: Work, index: number, { observed }: Up): ObservedContainer | undefined {
  return observed.services[work.service]?.find(({ id }) => id === work.decision.leftovers[index]);
}

type Job = {
  up: Up;
  work: Work;
  template: ObservedContainer;
  old: ObservedContainer | undefined;
  /** New containers whose namespaces or volumes others use, by service. */
  firsts: Readonly<Record<string, string>>;
  /** What stands in the place of a template, by its ID. */
  clonesOf: Successors;
};

function replacedBy(work: Work, index: number): ObservedContainer | undefined {
  return work.retire.find(({ id }) => id === work.decision.replace[index]);
}

async function putOneRight(job: Job): Promise<ObservedContainer> {
  const { up, work, template, firsts } = job;
  const config = up.desired.services[work.service]?.config ?? {};
  const shares = sharedBy(config).some((service) => firsts[service] !== undefined);
  const named = needsOtherName(work, up.desired, up.observed) ? config.container_name : undefined;
  const volumes = volumesByPlace(handedOver(job));
  const successors = successorsOf(job);
  const follows = namesFormer(template.inspect, successors);
  if (!shares && !follows && named === undefined && Object.keys(volumes).length === 0) return template;
  if (named !== undefined) await freeName(named, work, up);
  const hash =
    (shares ? await hashesWith(firsts, up.context.look) : {})[work.service] ?? up.desired.services[work.service]?.hash;
  const labels = {
    ...(hash !== undefined && { 'com.docker.compose.config-hash': hash }),
    ...(named !== undefined && { 'com.docker.compose.container-number': '1' }),
  };
  return clone(template, { name: named ?? template.name, labels, volumes, successors }, up);
}

/**
 * The old container's unnamed volumes, where the new one has an unnamed volume too: Compose would hand them over as well. Not
 * those that it has from a service that is itself replaced: what that one has now comes along with it.
 */
function handedOver({ up, work, template, old, firsts }: Job): { name: string; destination: string }[] {
  const places = new Set(template.anonymous_volumes.map(({ destination }) => destination));
  const lent = new Set(
    lendersIn(up, work)
      .filter((service) => firsts[service] !== undefined)
      .flatMap((service) => up.observed.services[service] ?? [])
      .flatMap(({ anonymous_volumes }) => anonymous_volumes.map(({ name }) => name)),
  );
  return (old?.anonymous_volumes ?? []).filter(({ name, destination }) => places.has(destination) && !lent.has(name));
}

function lendersIn({ desired }: Up, work: Work): string[] {
  return lendersOf(desired.services[work.service]?.config ?? {}).flatMap(({ service }) => service ?? []);
}

/** Compose names the first container of a service, which is the one that is being replaced, or a template that is gone. */
function successorsOf({ up, work, firsts, clonesOf }: Job): Successors {
  const services = [...sharedBy(up.desired.services[work.service]?.config ?? {}), ...lendersIn(up, work)];
  const former = services.flatMap((service) => {
    const first = firsts[service];
    return first === undefined ? [] : (up.observed.services[service] ?? []).map(({ id }) => [id, first] as const);
  });
  return { ...clonesOf, ...Object.fromEntries(former) };
}

/** The old container gives up its name while it still runs; its aliases keep the name, so it is found as before. */
async function freeName(name: string, work: Work, { docker }: Up): Promise<void> {
  for (const old of work.retire.filter((container) => container.name === name)) {
    await docker.rename(old.id, `${name}-${old.id.slice(0, 12)}`);
  }
}

async function clone(
  template: ObservedContainer,
  remade: Parameters<typeof createBody>[1],
  up: Up,
): Promise<ObservedContainer> {
  const { docker } = up;
  if (remade.name === template.name) await docker.rename(template.id, `${template.name}-template`);
  const id = await docker.createContainer(remade.name, createBody(template.inspect, remade));
  await copyContents(template.service, { from: template.id, to: id }, up);
  await docker.remove(template.id, { anonymousVolumes: true });
  const inspect = await docker.container(id);
  const container = inspect && containerOf(inspect);
  if (!container) throw new Error(`the container ${remade.name} that was just made is gone`);
  return container;
}
