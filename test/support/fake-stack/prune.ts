import type { Change, RunContext } from '../../../src/runner/contract.ts';
import type { MakeFakes } from './fakes.ts';
import { change, type Model, type World } from './model.ts';

type Kind = { kind: string; find(model: Model): string[]; remove(model: Model, name: string): void };

/** What nothing needs goes: `prune.*`; and `docker.images`, `docker.volumes`, which only look. */
export const prune: MakeFakes = (world) => ({
  'prune.images': pruning(world, {
    kind: 'image',
    find: ({ images, tags, containers }) =>
      images.filter((id) => !Object.values(tags).includes(id) && !containers.some(({ image }) => image === id)),
    remove: (model, id) => {
      model.images = model.images.filter((each) => each !== id);
    },
  }),
  'prune.containers': pruning(world, {
    kind: 'container',
    find: ({ containers, file }) => containers.flatMap(({ id, service }) => (service in file ? [] : [id])),
    remove: (model, id) => {
      model.containers = model.containers.filter((each) => each.id !== id);
    },
  }),
  'prune.networks': pruning(world, {
    kind: 'network',
    find: ({ networks }) => networks.filter((name) => name !== 'shop_default'),
    remove: (model, name) => {
      model.networks = model.networks.filter((each) => each !== name);
    },
  }),
  'prune.build_cache': pruning(world, {
    kind: 'cache',
    find: ({ cache }) => (cache > 0 ? ['cache'] : []),
    remove: (model) => {
      model.cache = 0;
    },
  }),
  'prune.volumes': pruning(world, {
    kind: 'volume',
    find: ({ volumes }) => volumes.filter((name) => name.startsWith('old')),
    remove: (model, name) => {
      model.volumes = model.volumes.filter((each) => each !== name);
    },
  }),
  'docker.images': { run: async () => ({ images: [], dangling: 0, unused: 0, bytes: 0, say: 'looked' }) },
  'docker.volumes': {
    plan: async () => [],
    run: async () => ({ volumes: [], orphaned: [], bytes: 0, say: 'looked' }),
  },
});

/** One receipt for all that goes, and then one thing after the other. */
function pruning(world: World, { kind, find, remove }: Kind) {
  return {
    plan: async (): Promise<Change[]> =>
      find(world.model).map((name) => ({
        verb: 'remove',
        target: `${kind} ${name}`,
        because: [],
        certainty: 'likely',
      })),
    async run(_: unknown, context: RunContext<{ removes: string[] }>) {
      const going = find(world.model);
      if (going.length > 0) await context.record({ removes: going });
      for (const name of going) await change(world, `${kind} ${name} is gone`, (model) => remove(model, name));
      return { removed: going, kept: 0, freed: 0, say: 'pruned' };
    },
  };
}
