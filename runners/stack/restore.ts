import type { Context } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { ContainerInspect, DockerChanger } from '../clients/docker-types.ts';
import { untilHealthy } from './condition.ts';
import { containerOf, isAnonymous, neededBy, shortId } from './container.ts';
import { topological } from './order.ts';
import { type GroupReceipt, inspectOf, type KeptContainer } from './receipt.ts';
import { createBody, type Successors, sharedWith, volumesByPlace } from './remake.ts';
import { type Hands, removeNewer } from './remove-newer.ts';
import { isCutOff, restoreNetworks } from './restore-networks.ts';
import { listed } from './words.ts';

/**
 * Puts the containers of a receipt back, through the Engine API alone. Looks at what there is first, so that it may be cut
 * anywhere and called again, and so that what others did meanwhile (a plain `up`, a prune) does not defeat it.
 */
export async function restoreServices(receipt: GroupReceipt, context: Context): Promise<string[]> {
  const docker = await dockerChanger(context);
  const removed = await removeNewer(receipt, { docker, context });
  await stopWhatStood(receipt, { docker, context });
  await restoreNetworks(receipt, docker);
  const restored = await putBack(receipt, { docker, context });
  return sentences(receipt, removed, restored);
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
  const told = { service: kept.service, image: was.Config.Image, image_id: was.Image };
  const found = await docker.container(kept.id);
  const cutOff = found && (sharedWith(was).some((id) => remade.has(id)) || (await isCutOff(found, docker)));
  if (found && found.State.Status !== 'removing' && !cutOff) {
    const live = await asItWas(kept, found, docker);
    if (kept.running && !live) await docker.start(kept.id);
    return { ...told, id: kept.id, how: kept.running && !live ? 'started' : 'there' };
  }
  if (found) await docker.remove(kept.id, { anonymousVolumes: false });
  const id = await makeAgain(kept, Object.fromEntries(remade), hands);
  remade.set(kept.id, id);
  if (kept.running) await docker.start(id);
  return { ...told, id, how: 'made again' };
}

/** Its name and its restart policy; gives whether it runs. */
async function asItWas(kept: KeptContainer, now: ContainerInspect, docker: DockerChanger): Promise<boolean> {
  const was = inspectOf(kept);
  if (now.Name !== was.Name) await docker.rename(kept.id, was.Name.replace(/^\//, ''));
  const stopped = now.State.Running && (await endStop(kept, now, docker));
  const policy = was.HostConfig.RestartPolicy;
  if (policy && now.HostConfig.RestartPolicy?.Name !== policy.Name) {
    await docker.restartPolicy(kept.id, { ...policy, Name: policy.Name || 'no' });
  }
  return now.State.Running && !stopped;
}

/**
 * A stop whose process was killed goes on in the engine, and would stop what is just put back. It is known by the restart
 * policy, which was changed before it: then it is waited for. True where it was.
 */
async function endStop(kept: KeptContainer, now: ContainerInspect, docker: DockerChanger): Promise<boolean> {
  const was = inspectOf(kept).HostConfig.RestartPolicy?.Name || 'no';
  if (was === 'no' || (now.HostConfig.RestartPolicy?.Name || 'no') !== 'no') return false;
  await docker.stop(kept.id);
  return true;
}

/** The container is gone: the same image, name, labels, networks, aliases and volumes make it again. */
async function makeAgain(kept: KeptContainer, successors: Successors, { docker }: Hands): Promise<string> {
  const was = inspectOf(kept);
  const name = was.Name.replace(/^\//, '');
  const image = (await docker.image(was.Config.Image))?.Id === was.Image ? was.Config.Image : was.Image;
  const volumes = volumesByPlace(anonymousOf(kept));
  return docker.createContainer(name, createBody(was, { name, image, volumes, successors }));
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

function conditionsOf(kept: KeptContainer): [string, string][] {
  return neededBy(inspectOf(kept));
}

function anonymousOf(kept: KeptContainer): { name: string; destination: string }[] {
  return (containerOf(inspectOf(kept))?.anonymous_volumes ?? []).filter(({ name }) => isAnonymous(name));
}

function sentences(receipt: GroupReceipt, removed: readonly string[], restored: readonly Restored[]): string[] {
  const back = receipt.services.flatMap((service) => sayBack(service, restored));
  const others = receipt.services.filter(
    (service) => removed.includes(service) && sayBack(service, restored).length === 0,
  );
  const [kept, gone] = [
    others.filter((service) => ranBefore(service, receipt)),
    others.filter((service) => !ranBefore(service, receipt)),
  ];
  return [
    ...(kept.length > 0 ? [`${listed(kept)} ${kept.length === 1 ? 'is as it was' : 'are as they were'}`] : []),
    ...back,
    ...(gone.length > 0 ? [`${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} removed`] : []),
  ];
}

function sayBack(service: string, restored: readonly Restored[]): string[] {
  const back = restored.filter((one) => one.service === service && one.how !== 'there');
  const [first] = back;
  if (!first) return [];
  const again = back.some((one) => one.how === 'made again') ? ', made again' : '';
  return [`${service} is back on ${first.image} (${shortId(first.image_id)})${again}`];
}

function ranBefore(service: string, { before }: GroupReceipt): boolean {
  return before.some((kept) => kept.service === service);
}
