import { isPlaceholder, newAddress, newName } from '../../../runners/replicas/placeholder.ts';
import type { Change, RunContext } from '../../../src/runner/contract.ts';
import { create, type Made, recordGroup, remove, retire, settleMade, startOne, undoMade } from './containers.ts';
import type { MakeFakes } from './fakes.ts';
import { change, containerOf, isCurrent, type Model, running, type World, willBeOutdated } from './model.ts';

type Start = { service: string; replace: string[]; order: 'start-first' | 'stop-first' };
type Stop = { service: string; containers: string[] };
type Strategy = { way: 'rolling' | 'blue-green' };

/** Containers of a service batch by batch: `replicas.strategy`, `replicas.start`, `replicas.stop`. */
export const replicas: MakeFakes = (world) => ({
  'replicas.strategy': {
    plan: async () => [],
    foresee: async (params: Strategy) => strategy(world.model, params),
    run: async (params: Strategy) => strategy(world.model, params),
  },
  'replicas.start': {
    plan: async ({ service, replace, order }: Start) => [
      recreate(service, { order, replaces: replace.filter((id) => containerOf(world.model, id)).join(' ') }),
    ],
    foresee: async ({ service, replace }: Start) => ({
      containers: replace.map((_, index) => newName(service, index + 1)),
      names: replace.map((_, index) => newName(service, index + 1)),
      addresses: replace.map((_, index) => newAddress(service, index + 1, 80)),
      say: 'foreseen',
    }),
    run: (params: Start, context: RunContext<Made>) => start(world, params, context),
    undo: (receipt: Made) => undoMade(world, receipt),
    settle: (receipt: Made) => settleMade(world, receipt),
  },
  'replicas.stop': {
    plan: async (params: Stop, _: unknown, earlier: readonly Change[]) => planStop(world.model, params, earlier),
    run: (params: Stop, context: RunContext<Made>) => stop(world, params, context),
    undo: (receipt: Made) => undoMade(world, receipt),
    settle: (receipt: Made) => settleMade(world, receipt),
  },
});

function strategy(model: Model, { way }: Strategy) {
  const changing = Object.entries(model.file).filter(([service]) =>
    running(model, service).some((each) => willBeOutdated(model, each)),
  );
  const batched = changing.filter(([, wanted]) => wanted.way === 'edge' || (way === 'rolling' && wanted.way !== 'up'));
  return {
    services: batched.map(([name, wanted]) => ({
      name,
      order: wanted.way === 'edge' ? 'start-first' : 'stop-first',
      because: 'the file says so',
      edge: wanted.way === 'edge',
      batch: ['1', '100%'],
      delay: '1s',
      replicas: running(model, name).map(({ id }) => id),
    })),
    before: changing.map(([name]) => name).filter((name) => name === 'db'),
    after: [],
    say: 'decided',
  };
}

function recreate(target: string, binds: Record<string, string>): Change {
  return { verb: 'recreate', target, because: ['it differs'], certainty: 'certain', binds };
}

function planStop(model: Model, { service, containers }: Stop, earlier: readonly Change[]): Change[] {
  const live = containers.filter((id) => containerOf(model, id)?.state === 'running');
  const stopped = earlier.some(
    ({ target, binds }) =>
      target === service &&
      binds?.['order'] === 'stop-first' &&
      live.every((id) => binds['replaces']?.split(' ').includes(id)),
  );
  if (stopped || live.length + containers.filter(isPlaceholder).length === 0) return [];
  return [{ verb: 'stop', target: service, because: [], certainty: 'certain', binds: { containers: live.join(' ') } }];
}

/** What an attempt that was cut has left is taken over where it runs, and taken away where it does not. */
async function start(world: World, { service, replace, order }: Start, context: RunContext<Made>) {
  const before = await thereBefore(world, `${service} ${replace.join(' ')}`, service);
  const newer = world.model.containers.filter((each) => each.service === service && !before.includes(each.id));
  const adopted = newer.filter((each) => each.state === 'running' && isCurrent(world.model, each)).map(({ id }) => id);
  for (const { id } of newer) if (!adopted.includes(id)) await remove(world, id);
  const stopping = order === 'stop-first' ? replace : [];
  await recordGroup(world, { service, retire: stopping, except: adopted }, context);
  const made: string[] = [];
  for (let count = adopted.length; count < replace.length; count += 1) made.push(await create(world, service));
  for (const id of stopping) await retire(world, id);
  for (const id of made) await startOne(world, id);
  const containers = [...adopted, ...made];
  return { containers, names: containers, addresses: containers.map((id) => `${id}.invalid:80`), say: 'started' };
}

/** Kept in the run's folder by the first attempt. */
async function thereBefore(world: World, key: string, service: string): Promise<string[]> {
  const known = world.model.files[key];
  if (known) return known;
  const ids = world.model.containers.filter((each) => each.service === service).map(({ id }) => id);
  await change(world, `what ${service} had is noted`, (model) => {
    model.files[key] = ids;
  });
  return ids;
}

async function stop(world: World, { service, containers }: Stop, context: RunContext<Made>) {
  const live = containers.filter((id) => containerOf(world.model, id)?.state === 'running');
  if (live.length === 0) return { stopped: [], say: 'they stand still already' };
  await recordGroup(world, { service, retire: live }, context);
  for (const id of live) await retire(world, id);
  return { stopped: live, say: 'stopped' };
}
