import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Context, Done, Json, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger, dockerReader } from '../clients/docker.ts';
import type { DockerChanger, NetworkInspect } from '../clients/docker-types.ts';
import { containerOf, isAnonymous, isLive } from '../stack/container.ts';
import { desiredStack } from '../stack/desired.ts';
import { ownContainer } from '../stack/make/own-container.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { projectContainers } from '../stack/observed.ts';
import { type GroupReceipt, keptContainer } from '../stack/receipt.ts';
import { restoreServices } from '../stack/restore.ts';
import { counted, listed } from '../stack/words.ts';

export type DownReceipt = { group: GroupReceipt; networks: { id: string; name: string }[] };
export type DownOutputs = { stopped: string[]; say: string };

/** Every container and network of the files; refuses to take down the container that this program runs in. */
export async function planDown(look: Look): Promise<Change[]> {
  const { project, containers, networks, volumes } = await stackToTakeDown(look);
  const own = await ownContainer();
  const self = containers.find(({ id }) => id === own);
  if (self) {
    throw new Refusal('no-go', `${self.name} is the container this program runs in: it would stop itself.`, {
      hint: 'Run it on the host, or in a container of another stack.',
    });
  }
  const services = Map.groupBy(containers, ({ service }) => service);
  return [
    ...[...services].map(([service, own]) => removal(service, own)),
    ...networks.map(({ Name }): Change => {
      return { verb: 'remove', target: `network ${Name}`, because: [`${project} is taken down`], certainty: 'certain' };
    }),
    ...volumes.map((name): Change => {
      return { verb: 'keep', target: `volume ${name}`, because: ['volumes stay'], certainty: 'certain' };
    }),
  ];
}

function removal(service: string, containers: readonly ObservedContainer[]): Change {
  return {
    verb: 'remove',
    target: service,
    because: [`the stack is taken down (${counted(containers.length, 'container')})`],
    certainty: 'certain',
    ...(containers.some(isLive) && { downtime: { kind: 'unknown', because: 'it is not started again' } }),
    binds: { containers: containers.map(({ id }) => id).join(' ') },
  };
}

export async function runDown(context: RunContext<DownReceipt>): Promise<DownOutputs> {
  const { project, containers, order, ...had } = await stackToTakeDown(context.look);
  const networks = had.networks.map(({ Id, Name }) => ({ id: Id, name: Name }));
  if (containers.length === 0 && networks.length === 0) return { stopped: [], say: 'nothing of it is there' };
  const docker = await dockerChanger(context);
  const volumes = (await docker.volumes()).map(({ Name }) => Name).filter(isAnonymous);
  const retire = containers.map(({ id }) => id);
  const before = containers.map(keptContainer);
  const whole = had.networks as unknown as Json[];
  const group: GroupReceipt = { kind: 'services', project, services: order, before, networks: whole, retire, volumes };
  await context.record({ group, networks });
  const stopped: string[] = [];
  for (const service of order.toReversed()) {
    const live = containers.filter((container) => container.service === service && isLive(container));
    await Promise.all(live.map(({ id }) => docker.stop(id)));
    for (const { name } of live) {
      context.log(`${name} is stopped`);
      stopped.push(name);
    }
  }
  return { stopped, say: stopped.length === 0 ? 'nothing of it ran' : `${listed(stopped)} stopped` };
}

type ToTakeDown = {
  project: string;
  containers: ObservedContainer[];
  networks: NetworkInspect[];
  volumes: string[];
  /** A service stands after everything it depends on. */
  order: string[];
};

/** What the files have, inactive profiles too; orphans and external networks are left alone. */
async function stackToTakeDown(look: Look): Promise<ToTakeDown> {
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  const { project, known } = desired;
  const containers = (await projectContainers(docker, project)).filter(({ service }) => known.includes(service));
  const inactive = known.filter((service) => !desired.order.includes(service));
  return {
    project,
    containers,
    networks: await docker.networks(project),
    volumes: (await docker.volumes(project)).map(({ Name }) => Name).filter((name) => !isAnonymous(name)),
    order: [...desired.order, ...inactive],
  };
}

/** The same containers run again, on networks by the old names. */
export async function undoDown({ group }: DownReceipt, context: Context): Promise<Done> {
  const said = await restoreServices(group, context);
  return said.length > 0 ? { say: said.join('; ') } : undefined;
}

/** What runs again by now (a later step brought it up) is not this step's to remove. */
export async function settleDown({ group, networks }: DownReceipt, context: Context): Promise<Done> {
  const docker = await dockerChanger(context);
  const removed: string[] = [];
  for (const id of group.retire) {
    const inspect = await docker.container(id);
    const container = inspect && containerOf(inspect);
    if (!container || isLive(container)) continue;
    await docker.remove(id, { anonymousVolumes: false });
    removed.push(container.name);
  }
  for (const { id, name } of networks) if (await removeUnused(id, docker)) removed.push(`network ${name}`);
  return removed.length === 0 ? undefined : { say: `${listed(removed)} removed` };
}

/** False where it is gone, or a container is still in it. */
async function removeUnused(id: string, docker: DockerChanger): Promise<boolean> {
  if (!(await docker.network(id))) return false;
  try {
    await docker.removeNetwork(id);
    return true;
  } catch (error) {
    if (error instanceof StepFailure && /has active endpoints/i.test(error.message)) return false;
    throw error;
  }
}
