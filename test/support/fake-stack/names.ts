import { StepFailure } from '../../../src/errors.ts';
import type { Change, Done, RunContext } from '../../../src/runner/contract.ts';
import type { MakeFakes } from './fakes.ts';
import { change, type Model, type World } from './model.ts';

type Moved = { did: 'move'; name: string; from: string | null; to: string; keep?: string };
type Receipt = { did: 'pull'; image: string } | Moved;
type Wish = { name: string; to: string; keep?: string };

/** Images and their names: `compose.pull`, `compose.build`, `release.images`. */
export const names: MakeFakes = (world) => ({
  'compose.pull': {
    plan: async () => wishes(world.model, 'pull').map(planned('pull')),
    async run(_: unknown, context: RunContext<Receipt>) {
      const wanted = wishes(world.model, 'pull');
      if ((world.model.troubles['pull'] ?? 0) > 0) {
        await change(world, 'a refused pull', (model) => {
          model.troubles['pull'] = (model.troubles['pull'] ?? 0) - 1;
        });
        throw new StepFailure('the registry is busy', { class: 'transient' });
      }
      await Promise.all(wanted.map(({ to }) => fetchImage(world, to, context)));
      for (const wish of wanted) await move(world, { ...wish, keep: `former/${wish.name}` }, context);
      return { pulled: wanted.map(({ name }) => name), say: 'pulled' };
    },
    undo: (receipt: Receipt) => (receipt.did === 'move' ? moveBack(world, receipt) : dropImage(world, receipt.image)),
    settle: async (receipt: Receipt) => (receipt.did === 'move' ? dropTag(world, receipt.keep) : undefined),
  },
  'compose.build': {
    plan: async () => wishes(world.model, 'build').map(planned('build')),
    async run(_: unknown, context: RunContext<Receipt>) {
      const wanted = wishes(world.model, 'build');
      for (const { to } of wanted) await addImage(world, to);
      for (const wish of wanted) await move(world, { ...wish, keep: `former/${wish.name}` }, context);
      return { built: wanted.map(({ name }) => name), say: 'built' };
    },
    undo: (receipt: Moved) => moveBack(world, receipt),
    settle: async (receipt: Moved) => dropTag(world, receipt.keep),
  },
  'release.images': {
    plan: async () => wishes(world.model).map(planned('tag')),
    async run(_: unknown, context: RunContext<Receipt>) {
      const wanted = wishes(world.model);
      for (const wish of wanted) await move(world, wish, context);
      return { moved: wanted.map(({ name }) => name), say: 'moved' };
    },
    undo: (receipt: Moved) => moveBack(world, receipt),
  },
});

/** Names that do not mean yet what they shall. */
function wishes({ file, goal, tags }: Model, by?: 'pull' | 'build'): Wish[] {
  const wanted = Object.values(file).filter(({ build }) => by === undefined || (by === 'build') === (build === true));
  const all = [...new Set(wanted.map(({ image }) => image))].map((name) => ({ name, to: goal[name] ?? '' }));
  return all.filter(({ name, to }) => to !== '' && tags[name] !== to);
}

function planned(verb: Change['verb']): (wish: Wish) => Change {
  return ({ name, to }) => ({ verb, target: `image ${name}`, because: [], certainty: 'certain', binds: { to } });
}

async function fetchImage(world: World, image: string, context: RunContext<Receipt>): Promise<void> {
  if (world.model.images.includes(image)) return;
  await context.record({ did: 'pull', image });
  await addImage(world, image);
}

async function addImage(world: World, image: string): Promise<void> {
  if (world.model.images.includes(image)) return;
  await change(world, `image ${image} is here`, (model) => model.images.push(image));
}

async function move(world: World, { name, to, keep }: Wish, context: RunContext<Receipt>): Promise<void> {
  const from = world.model.tags[name] ?? null;
  if (from === to) return;
  await context.record({ did: 'move', name, from, to, ...(keep !== undefined && { keep }) });
  if (from !== null && keep !== undefined) await tag(world, keep, from);
  await tag(world, name, to);
}

async function moveBack(world: World, { name, from, to, keep }: Moved): Promise<Done> {
  if (world.model.tags[name] === to && to !== from) {
    if (from === null) await dropTag(world, name);
    else await tag(world, name, from);
  }
  await dropTag(world, keep);
  return dropImage(world, to);
}

/** Only where neither a name nor a container needs it; who had it before keeps it by a name. */
async function dropImage(world: World, image: string): Promise<Done> {
  const { images, tags, containers } = world.model;
  const needed = Object.values(tags).includes(image) || containers.some((each) => each.image === image);
  if (!images.includes(image) || needed) return undefined;
  await change(world, `image ${image} is gone`, (model) => {
    model.images = model.images.filter((each) => each !== image);
  });
  return { say: `${image} is gone again` };
}

export async function tag(world: World, name: string, image: string): Promise<void> {
  await change(world, `${name} is ${image}`, (model) => {
    model.tags[name] = image;
  });
}

export async function dropTag(world: World, name: string | undefined): Promise<Done> {
  if (name === undefined || world.model.tags[name] === undefined) return undefined;
  await change(world, `${name} is no name any more`, (model) => {
    delete model.tags[name];
  });
  return undefined;
}
