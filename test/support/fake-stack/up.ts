import type { Change, RunContext } from '../../../src/runner/contract.ts';
import {
  create,
  type Made,
  recordGroup,
  remove,
  retire,
  settleMade,
  sorted,
  startOne,
  undoMade,
} from './containers.ts';
import type { MakeFakes } from './fakes.ts';
import { change, type Model, type World, willBeOutdated } from './model.ts';

type Params = { services?: string[] };

/** Services as a whole: `compose.up`, and `release.containers`, which does the same from a release without a file. */
export const up: MakeFakes = (world) => {
  const action = {
    plan: async ({ services }: Params, _: unknown, earlier: readonly Change[]) =>
      planned(world.model, chosen(world.model, services), earlier),
    run: async ({ services }: Params, context: RunContext<Made>) => {
      const changed = await bringUp(world, chosen(world.model, services), context);
      const none = { created: [], started: [], removed: [], restored: [], jobs: {}, irreversible: [] };
      return { changed: changed.length > 0, replaced: changed, ...none, say: 'up' };
    },
    undo: (receipt: Made) => undoMade(world, receipt),
    settle: (receipt: Made) => settleMade(world, receipt),
  };
  return { 'compose.up': action, 'release.containers': action };
};

function chosen({ file }: Model, services: string[] = []): string[] {
  return services.length > 0 ? services : Object.keys(file);
}

function planned(model: Model, services: readonly string[], earlier: readonly Change[]): Change[] {
  const done = new Set(
    earlier.filter(({ verb }) => verb === 'recreate' || verb === 'create').map(({ target }) => target),
  );
  return services.flatMap((service): Change[] => {
    const containers = model.containers.filter((each) => each.service === service && each.state === 'running');
    const old = containers.filter((each) => willBeOutdated(model, each)).map(({ id }) => id);
    const missing = (model.file[service]?.replicas ?? 0) - containers.length;
    if (done.has(service) || (old.length === 0 && missing <= 0)) return [];
    const verb = containers.length === 0 ? 'create' : 'recreate';
    return [{ verb, target: service, because: ['it differs'], certainty: 'certain', binds: { old: old.join(' ') } }];
  });
}

/** All receipts first, then everything new beside the old, then the switch. */
async function bringUp(world: World, services: readonly string[], context: RunContext<Made>): Promise<string[]> {
  const works = services
    .map((service) => ({ service, ...sorted(world.model, service) }))
    .map((work) => ({ ...work, make: Math.max(0, (world.model.file[work.service]?.replicas ?? 0) - work.good.length) }))
    .filter(({ old, make, halfMade }) => old.length + make + halfMade.length > 0);
  for (const { service, old } of works) await recordGroup(world, { service, retire: old }, context);
  if (works.length > 0) await makeNetwork(world, context);
  for (const { halfMade } of works) for (const id of halfMade) await remove(world, id);
  for (const { service, old, make } of works) {
    const made: string[] = [];
    for (let count = 0; count < make; count += 1) made.push(await create(world, service));
    for (const id of old) await retire(world, id);
    for (const id of made) await startOne(world, id);
  }
  return works.map(({ service }) => service);
}

async function makeNetwork(world: World, context: RunContext<Made>): Promise<void> {
  const name = 'shop_default';
  if (world.model.networks.includes(name)) return;
  await context.record({ kind: 'network', name });
  await change(world, `network ${name} is made`, (model) => model.networks.push(name));
}
