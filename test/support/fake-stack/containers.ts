import type { Done, RunContext } from '../../../src/runner/contract.ts';
import { type Container, change, containerOf, isCurrent, type Model, type World } from './model.ts';

/** What a service had, and who is stopped for it. */
export type Group = { kind: 'services'; service: string; before: Container[]; retire: string[] };
export type Made = Group | { kind: 'network'; name: string };

/** Records what the service has now; containers that a cut attempt has made are left out where they are known. */
export async function recordGroup(
  world: World,
  { service, retire, except = [] }: { service: string; retire: string[]; except?: string[] },
  context: RunContext<Made>,
): Promise<Group> {
  const before = world.model.containers.filter((each) => each.service === service && !except.includes(each.id));
  const receipt: Group = { kind: 'services', service, before: structuredClone(before), retire };
  await context.record(receipt);
  return receipt;
}

export async function create(world: World, service: string): Promise<string> {
  const wanted = world.model.file[service];
  const id = `${service}-${world.model.serial + 1}`;
  await change(world, `${id} is created`, (model) => {
    model.serial += 1;
    const image = model.tags[wanted?.image ?? ''] ?? '';
    const config = wanted?.config ?? '';
    model.containers.push({ id, service, image, config, state: 'created', restart: 'always' });
  });
  return id;
}

/** As the real one: first it must not come back by itself, then it is stopped. */
export async function retire(world: World, id: string): Promise<void> {
  const found = containerOf(world.model, id);
  if (found?.restart === 'always') await set(world, id, { restart: 'no' });
  if (found?.state === 'running') await set(world, id, { state: 'exited' });
}

export async function startOne(world: World, id: string): Promise<void> {
  if (containerOf(world.model, id)?.state !== 'running') await set(world, id, { state: 'running' });
}

export async function remove(world: World, id: string): Promise<void> {
  if (!containerOf(world.model, id)) return;
  await change(world, `${id} is removed`, (model) => {
    model.containers = model.containers.filter((each) => each.id !== id);
  });
}

/** Removes what is newer than the receipt, and starts what was stopped for it. */
export async function undoMade(world: World, receipt: Made): Promise<Done> {
  if (receipt.kind === 'network') return dropNetwork(world, receipt.name);
  const { service, before } = receipt;
  const known = new Set(before.map(({ id }) => id));
  for (const { id } of world.model.containers.filter((each) => each.service === service && !known.has(each.id)))
    await remove(world, id);
  for (const was of before) await putBack(world, was);
  return { say: `${service} is back` };
}

async function putBack(world: World, was: Container): Promise<void> {
  const now = containerOf(world.model, was.id);
  if (!now) await change(world, `${was.id} is made again`, (model) => model.containers.push(structuredClone(was)));
  else if (now.state !== was.state) await set(world, was.id, { state: was.state });
  if (now && now.restart !== was.restart) await set(world, was.id, { restart: was.restart });
}

export async function settleMade(world: World, receipt: Made): Promise<Done> {
  if (receipt.kind !== 'services') return undefined;
  for (const id of receipt.retire) await remove(world, id);
  return undefined;
}

async function set(world: World, id: string, to: Partial<Container>): Promise<void> {
  await change(world, `${id} is ${Object.values(to).join(' ')}`, (model) => {
    Object.assign(containerOf(model, id) ?? {}, to);
  });
}

async function dropNetwork(world: World, name: string): Promise<Done> {
  if (!world.model.networks.includes(name)) return undefined;
  await change(world, `network ${name} is gone`, (model) => {
    model.networks = model.networks.filter((each) => each !== name);
  });
  return undefined;
}

/** Those that run as wanted, those that must go, and what a cut attempt has left half made. */
export function sorted(model: Model, service: string): Record<'good' | 'old' | 'halfMade', string[]> {
  const all = model.containers.filter((each) => each.service === service);
  const ids = (fits: (each: Container) => boolean) => all.filter(fits).map(({ id }) => id);
  return {
    good: ids((each) => each.state === 'running' && isCurrent(model, each)),
    old: ids((each) => each.state === 'running' && !isCurrent(model, each)),
    halfMade: ids((each) => each.state === 'created'),
  };
}
