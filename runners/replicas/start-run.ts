import type { RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { isLive } from '../stack/container.ts';
import { noteKept } from '../stack/kept.ts';
import { addMissingContents, copiesAtCreate } from '../stack/make/copied-contents.ts';
import { createContainers, type Up } from '../stack/make/create.ts';
import { checkImages, pointNames } from '../stack/make/images.ts';
import { putRight } from '../stack/make/put-right.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import { recordAll } from '../stack/make/record.ts';
import { neverCut, retireContainer } from '../stack/make/retire.ts';
import { checkStillThere, startContainer } from '../stack/make/start.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { type GroupReceipt, keptContainer } from '../stack/receipt.ts';
import { removeNewer } from '../stack/remove-newer.ts';
import { counted } from '../stack/words.ts';
import { addressOf, portOf } from './addresses.ts';
import { sortNewer, thereBefore } from './attempt.ts';
import { type Starting, type StartOutputs, type StartParams, startingPoint, workOf } from './start-plan.ts';

/** Makes the new containers beside the old ones and starts them; with stop-first the old ones stop right before. */
export async function runStart(params: StartParams, context: RunContext<MakeReceipt>): Promise<StartOutputs> {
  const { starting, adopted } = await takeUp(params, context);
  const { desired, old } = starting;
  if (old.length === 0) return { containers: [], names: [], addresses: [], say: 'there is nothing to replace' };
  const up = await upOf(starting, old.length - adopted.length, context);
  checkImages(up);
  const [receipt] = await recordAll(recorded(up, params, adopted), [], context);
  try {
    await pointNames(up, context);
    const made = (await putRight(up, await createContainers(up))).get(params.service) ?? [];
    if (!copiesAtCreate(desired.compose_version)) {
      for (const { id } of made) await addMissingContents(params.service, id, up);
    }
    await startAll(params, starting, { made, up });
    return await outputsOf(params, [...adopted, ...made], up);
  } catch (error) {
    if (receipt && !context.signal.aborted) await takeAway(receipt, context);
    throw error;
  }
}

/** What an attempt that was cut has left is taken over where it runs, and taken away where it does not. */
async function takeUp(
  params: StartParams,
  context: RunContext<MakeReceipt>,
): Promise<{ starting: Starting; adopted: ObservedContainer[] }> {
  const starting = await startingPoint(params, context.look);
  const present = starting.observed.services[params.service] ?? [];
  const before = await thereBefore(params, present, context);
  const { adopted, halfMade } = sortNewer(present, before, starting.decision.outdated);
  if (halfMade.length === 0) return { starting, adopted };
  const kept = present.filter((container) => !halfMade.includes(container)).map(keptContainer);
  const { project } = starting.desired;
  const receipt: GroupReceipt = {
    kind: 'services',
    project,
    services: [params.service],
    before: kept,
    retire: [],
    volumes: [],
  };
  await removeNewer(receipt, { docker: await dockerChanger(context), context });
  return { starting: await startingPoint(params, context.look), adopted };
}

async function upOf(starting: Starting, make: number, context: RunContext<MakeReceipt>): Promise<Up> {
  const { desired, observed } = starting;
  const [docker, uncut] = await Promise.all([dockerChanger(context), dockerChanger(neverCut(context))]);
  return { desired, observed, works: [workOf(starting, make)], context, docker, uncut };
}

/** What the receipt is about: what was taken over is new as well, and who starts first stops nobody. */
function recorded(up: Up, { service, order }: StartParams, adopted: readonly ObservedContainer[]): Up {
  const there = (up.observed.services[service] ?? []).filter((container) => !adopted.includes(container));
  const works = order === 'start-first' ? up.works.map((work) => ({ ...work, retire: [] })) : up.works;
  return { ...up, works, observed: { ...up.observed, services: { ...up.observed.services, [service]: there } } };
}

type Making = { made: readonly ObservedContainer[]; up: Up };

async function startAll(
  { service, order }: StartParams,
  { old, observed }: Starting,
  { made, up }: Making,
): Promise<void> {
  const { clock, signal } = up.context;
  signal.throwIfAborted();
  const stopping = order === 'stop-first' ? old.filter(isLive) : [];
  // Before the first stands still: a run that is cut here must not take them for surplus when it goes on.
  if (order === 'stop-first') await noteKept(old, up.context);
  const from = clock.now();
  await Promise.all(stopping.map((container) => retireContainer(container, up)));
  if (stopping.length > 0) up.context.log(`${counted(stopping.length, 'old container')} of ${service} stopped`);
  for (const { id } of made) {
    signal.throwIfAborted();
    await startContainer(id, service, up);
  }
  const others = (observed.services[service] ?? []).some((one) => isLive(one) && !old.includes(one));
  if (stopping.length > 0 && !others) up.context.measure(`gap:${service}`, clock.now() - from);
  await checkStillThere(
    made.map(({ id }) => id),
    service,
    up,
  );
}

/** F34: what was made goes again at once; its evidence is kept first, and an undo finds nothing left to remove. */
async function takeAway(receipt: GroupReceipt, context: RunContext<MakeReceipt>): Promise<void> {
  const calm = neverCut(context);
  try {
    await removeNewer(receipt, { docker: await dockerChanger(calm), context: calm });
  } catch (error) {
    context.log(`What was made could not be taken away: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function outputsOf(
  { service }: StartParams,
  made: readonly ObservedContainer[],
  { docker, desired, observed }: Up,
): Promise<StartOutputs> {
  const wanted = desired.services[service];
  const addresses: string[] = [];
  for (const { id, image_id } of made) {
    const inspect = await docker.container(id);
    const image = observed.images[image_id] ?? (await docker.image(image_id));
    const address = inspect && wanted && (await addressOf(inspect, portOf(wanted, image), docker));
    if (address !== undefined) addresses.push(address);
  }
  const say = `${counted(made.length, 'new container')} of ${service}`;
  return { containers: made.map(({ id }) => id), names: made.map(({ name }) => name), addresses, say };
}
