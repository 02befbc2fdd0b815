import { isPlaceholder } from '../../../runners/replicas/placeholder.ts';
import type { Change, Done, RunContext } from '../../../src/runner/contract.ts';
import type { MakeFakes } from './fakes.ts';
import { change, type Model, running, type World } from './model.ts';

type Known = { id: string; was: Model['edge'][string] | 'out' };
type Receipt = { was: Known[]; retire: string[] };
type Several = { service: string; containers: string[] };
type Switch = { service: string; from: string[]; percent: number };

/** Who gets requests: `edge.join`, `edge.drain`, `edge.switch`, `edge.sync`. */
export const edge: MakeFakes = (world) => {
  const back = {
    undo: (receipt: Receipt) => routeBack(world, receipt),
    settle: (receipt: Receipt) => settle(world, receipt),
  };
  return {
    'edge.join': {
      plan: async ({ service, containers }: Several) =>
        routed(
          service,
          containers.some((id) => isPlaceholder(id) || !serves(world.model, id)),
        ),
      async run({ containers }: Several, context: RunContext<Receipt>) {
        const coming = containers.filter((id) => !serves(world.model, id));
        if (coming.length > 0) await record(world, coming, context);
        for (const id of coming) await put(world, id, { state: 'ready', weight: 100 });
        return { joined: coming, say: 'joined' };
      },
      undo: back.undo,
    },
    'edge.drain': {
      plan: async ({ service, containers }: Several) =>
        routed(
          service,
          containers.some((id) => isPlaceholder(id) || id in world.model.edge),
        ),
      async run({ containers }: Several, context: RunContext<Receipt>) {
        const known = containers.filter((id) => id in world.model.edge);
        if (known.length > 0) await record(world, known, context);
        for (const id of known) await letGo(world, id, context);
        return { ...drained, say: 'drained' };
      },
      undo: back.undo,
    },
    'edge.switch': {
      plan: async ({ service, from, percent }: Switch, _: unknown, earlier: readonly Change[]) =>
        routed(
          service,
          earlier.some(({ target }) => target === service) ||
            wishes(world.model, { service, from, percent }).length > 0,
        ),
      async run(params: Switch, context: RunContext<Receipt>) {
        const { service, from, percent } = params;
        const wished = wishes(world.model, params);
        if (wished.length > 0)
          await record(
            world,
            [...new Set([...wished.map(({ id }) => id), ...from])],
            context,
            percent === 100 ? from : [],
          );
        for (const { id, to } of wished) await put(world, id, to);
        return { to: others(world.model, service, from), ...drained, say: 'switched' };
      },
      ...back,
    },
    'edge.sync': {
      plan: async (_: unknown, __: unknown, earlier: readonly Change[]) => planSync(world.model, earlier),
      async run(_: unknown, context: RunContext<Receipt>) {
        const { joined, released } = differing(world.model);
        if (joined.length + released.length > 0) await record(world, [...joined, ...released], context);
        for (const id of joined) await put(world, id, { state: 'ready', weight: 100 });
        for (const id of released) await letGo(world, id, context);
        return { joined, released, say: 'in step' };
      },
      undo: back.undo,
    },
  };
};

const drained = { requests: 0, left: 0, waited_ms: 0 };

function routed(target: string, changes: boolean): Change[] {
  return changes ? [{ verb: 'route', target, because: [], certainty: 'certain' }] : [];
}

function serves({ edge }: Model, id: string): boolean {
  return edge[id]?.state === 'ready' && edge[id].weight === 100;
}

function others(model: Model, service: string, from: readonly string[]): string[] {
  return running(model, service).flatMap(({ id }) => (from.includes(id) ? [] : [id]));
}

function wishes(model: Model, { service, from, percent }: Switch): { id: string; to: Model['edge'][string] }[] {
  const to = others(model, service, from).map((id) => ({ id, to: { state: 'ready', weight: percent } as const }));
  const rest = { state: percent === 100 ? 'drain' : 'ready', weight: 100 - percent } as const;
  const all = [...to, ...from.map((id) => ({ id, to: rest }))];
  return all.filter(({ id, to: wanted }) => JSON.stringify(model.edge[id]) !== JSON.stringify(wanted));
}

/** Exactly the running containers of services behind the edge serve. */
function differing(model: Model): { joined: string[]; released: string[] } {
  const wanted = Object.entries(model.file).flatMap(([service, { way }]) =>
    way === 'edge' ? running(model, service).map(({ id }) => id) : [],
  );
  return {
    joined: wanted.filter((id) => !serves(model, id)),
    released: Object.keys(model.edge).filter((id) => !wanted.includes(id)),
  };
}

function planSync(model: Model, earlier: readonly Change[]): Change[] {
  const { joined, released } = differing(model);
  const changing = earlier.some(({ target, verb }) => verb !== 'keep' && model.file[target]?.way === 'edge');
  if (!changing && joined.length + released.length === 0) return [];
  return [{ verb: 'route', target: 'the edge', because: [], certainty: 'likely' }];
}

async function record(
  world: World,
  ids: readonly string[],
  context: RunContext<Receipt>,
  retire: string[] = [],
): Promise<void> {
  await context.record({ was: ids.map((id) => ({ id, was: world.model.edge[id] ?? 'out' })), retire });
}

async function letGo(world: World, id: string, { clock, signal }: RunContext<Receipt>): Promise<void> {
  await put(world, id, { state: 'drain', weight: 100 });
  await clock.sleep(10, signal);
  await put(world, id, 'out');
}

async function routeBack(world: World, { was }: Receipt): Promise<Done> {
  for (const { id, was: former } of was) await put(world, id, former);
  return { say: 'requests go where they went' };
}

async function settle(world: World, { retire }: Receipt): Promise<Done> {
  for (const id of retire) await put(world, id, 'out');
  return undefined;
}

async function put(world: World, id: string, to: Known['was']): Promise<void> {
  if (JSON.stringify(world.model.edge[id] ?? 'out') === JSON.stringify(to)) return;
  await change(world, `${id} is ${JSON.stringify(to)} at the edge`, (model) => {
    if (to === 'out') delete model.edge[id];
    else model.edge[id] = to;
  });
}
