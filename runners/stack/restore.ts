import type { Context } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { DockerChanger } from '../clients/docker-types.ts';
import { untilHealthy } from './condition.ts';
import { containerOf, isAnonymous, isLive, shortId } from './container.ts';
import { keepEvidence } from './evidence.ts';
import type { ObservedContainer } from './model.ts';
import { projectContainers } from './observed.ts';
import { topological } from './order.ts';
import { type GroupReceipt, inspectOf, type KeptContainer } from './receipt.ts';
import { createBody, volumesByPlace } from './remake.ts';
import { isCutOff, restoreNetworks } from './restore-networks.ts';

/**
 * Puts the containers of a receipt back, through the Engine API alone. Looks at what there is first, so that it may be cut
 * anywhere and called again, and so that what others did meanwhile (a plain `up`, a prune) does not defeat it.
 */
export async function restoreServices(receipt: GroupReceipt, context: Context): Promise<string[]> {
  const docker = await dockerChanger(context);
  const now = (await projectContainers(docker, receipt.project)).filter(({ service }) =>
    receipt.services.includes(service),
  );
  const before = new Set(receipt.before.map(({ id }) => id));
  const removed = await removeNewer(
    now.filter(({ id }) => !before.has(id)),
    receipt,
    { docker, context },
  );
  await stopWhatStood(receipt, { docker, context });
  await restoreNetworks(receipt, docker);
  const restored = await putBack(receipt, { docker, context });
  return sentences(receipt, removed, restored);
}

type Hands = { docker: DockerChanger; context: Context };

/** Takes away what is not in the receipt: dependents first, evidence kept, and only volumes that nobody had before. */
async function removeNewer(
  newer: readonly ObservedContainer[],
  receipt: GroupReceipt,
  hands: Hands,
): Promise<string[]> {
  const { docker, context } = hands;
  for (const service of receipt.services.toReversed()) {
    await Promise.all(
      newer.filter((container) => container.service === service).map((container) => stopNewer(container, hands)),
    );
  }
  const known = new Set([
    ...receipt.volumes,
    ...receipt.before.flatMap((kept) => anonymousOf(kept).map(({ name }) => name)),
  ]);
  for (const container of newer) await docker.remove(container.id, { anonymousVolumes: false });
  const fresh = newer.flatMap((container) => container.anonymous_volumes.map(({ name }) => name));
  for (const volume of new Set(fresh.filter((name) => !known.has(name)))) {
    await docker.removeVolume(volume).catch((error: unknown) => {
      context.log(`The volume ${shortId(volume)} stays: ${String(error instanceof Error ? error.message : error)}`);
    });
  }
  return [...new Set(newer.map(({ service }) => service))];
}

async function stopNewer(container: ObservedContainer, { docker, context }: Hands): Promise<void> {
  if (container.state === 'created') return;
  await keepEvidence(context, container.id).catch((error: unknown) => {
    context.log(
      `No evidence of ${container.name} could be kept: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  if (isLive(container)) await docker.stop(container.id);
}

/** What did not run before must not hold a port or a volume when the others start. */
async function stopWhatStood(receipt: GroupReceipt, { docker }: Hands): Promise<void> {
  for (const service of receipt.services.toReversed()) {
    const stood = receipt.before.filter((kept) => kept.service === service && !kept.running);
    for (const { id } of stood) if ((await docker.container(id))?.State.Running) await docker.stop(id);
  }
}

type Restored = {
  service: string;
  name: string;
  image: string;
  image_id: string;
  how: 'started' | 'made again' | 'there';
};

/** Makes every container what it was: dependencies first, as their dependents need them at once. */
async function putBack(receipt: GroupReceipt, hands: Hands): Promise<Restored[]> {
  const restored: Restored[] = [];
  const remade = new Map<string, string>();
  const ready = new Map<string, string[]>();
  for (const service of oldOrder(receipt)) {
    for (const kept of receipt.before.filter((container) => container.service === service)) {
      await untilReady(kept, ready, hands);
      const back = await putBackOne(kept, remade, hands);
      ready.set(service, [...(ready.get(service) ?? []), ...(back.how === 'there' || !kept.running ? [] : [back.id])]);
      restored.push(back);
    }
  }
  return restored;
}

async function putBackOne(
  kept: KeptContainer,
  remade: Map<string, string>,
  hands: Hands,
): Promise<Restored & { id: string }> {
  const { docker } = hands;
  const was = inspectOf(kept);
  const name = was.Name.replace(/^\//, '');
  const told = { service: kept.service, name, image: was.Config.Image, image_id: was.Image };
  const parent = was.HostConfig.NetworkMode?.replace(/^container:/, '') ?? '';
  const found = await docker.container(kept.id);
  const cutOff = found && (remade.has(parent) || (await isCutOff(found, docker)));
  const now = found && found.State.Status !== 'removing' && !cutOff ? found : undefined;
  if (found && !now) await docker.remove(kept.id, { anonymousVolumes: false });
  const id = now ? kept.id : await makeAgain(kept, remade.get(parent), hands);
  if (id !== kept.id) remade.set(kept.id, id);
  if (now) {
    if (now.Name !== was.Name) await docker.rename(id, name);
    const policy = was.HostConfig.RestartPolicy;
    if (policy && now.HostConfig.RestartPolicy?.Name !== policy.Name)
      await docker.restartPolicy(id, { ...policy, Name: policy.Name || 'no' });
  }
  const live = now?.State.Running ?? false;
  if (kept.running && !live) await docker.start(id);
  return { ...told, id, how: now ? (kept.running && !live ? 'started' : 'there') : 'made again' };
}

/** The container is gone: the same image, name, labels, networks, aliases and volumes make it again. */
async function makeAgain(kept: KeptContainer, parent: string | undefined, { docker }: Hands): Promise<string> {
  const was = inspectOf(kept);
  const name = was.Name.replace(/^\//, '');
  const image = (await docker.image(was.Config.Image))?.Id === was.Image ? was.Config.Image : was.Image;
  const volumes = volumesByPlace(anonymousOf(kept));
  return docker.createContainer(name, createBody(was, { name, image, volumes, ...(parent && { network_of: parent }) }));
}

/** As the old containers say it themselves: the new files may have another order. */
function oldOrder(receipt: GroupReceipt): string[] {
  const graph: Record<string, string[]> = Object.fromEntries(receipt.services.map((service) => [service, []]));
  for (const kept of receipt.before)
    graph[kept.service] = [...(graph[kept.service] ?? []), ...conditionsOf(kept).map(([name]) => name)];
  const { order, cycle } = topological(graph);
  return cycle ? receipt.services : order;
}

/** Waits for a dependency that was just started, where the old container asked for its health; it may stay unhealthy. */
async function untilReady(
  kept: KeptContainer,
  started: ReadonlyMap<string, string[]>,
  { docker, context }: Hands,
): Promise<void> {
  if (!kept.running) return;
  for (const [service, condition] of conditionsOf(kept)) {
    if (condition !== 'service_healthy') continue;
    for (const id of started.get(service) ?? []) {
      await untilHealthy(id, service, { docker, context, signal: context.signal }).catch((error: unknown) => {
        context.signal.throwIfAborted();
        context.log(`${service} is back, but not healthy: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }
}

/** Compose's label `depends_on`: `db:service_healthy:false,…`. */
function conditionsOf(kept: KeptContainer): [string, string][] {
  const label = inspectOf(kept).Config.Labels?.['com.docker.compose.depends_on'] ?? '';
  return label
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [service = '', condition = ''] = entry.split(':');
      return [service, condition];
    });
}

function anonymousOf(kept: KeptContainer): { name: string; destination: string }[] {
  return (containerOf(inspectOf(kept))?.anonymous_volumes ?? []).filter(({ name }) => isAnonymous(name));
}

function sentences(receipt: GroupReceipt, removed: readonly string[], restored: readonly Restored[]): string[] {
  return receipt.services.flatMap((service) => {
    const back = restored.filter((one) => one.service === service && one.how !== 'there');
    const [first] = back;
    if (first) {
      const again = back.some((one) => one.how === 'made again') ? ', made again' : '';
      return [`${service} is back on ${first.image} (${shortId(first.image_id)})${again}`];
    }
    const nothingBefore = !receipt.before.some((kept) => kept.service === service);
    return removed.includes(service) ? [nothingBefore ? `${service} is removed` : `${service} is as it was`] : [];
  });
}
