import { StepFailure } from '../../../src/errors.ts';
import type { Change, Done, Look, Release, Releases, RunContext } from '../../../src/runner/contract.ts';
import type { MakeFakes } from './fakes.ts';
import { change, isCurrent, type Model, type World } from './model.ts';
import { dropTag, tag } from './names.ts';

type RecordReceipt = { id: string; keep: number; keep_tags: string[] };
type CompareReceipt = { id: string; before: Release['restored'] | null };

/** What is kept for a later rollback: `release.record`, `release.compare`. */
export const releases: MakeFakes = (world) => ({
  'release.record': {
    plan: async (_: unknown, __: unknown, earlier: readonly Change[]) =>
      earlier.some(({ verb }) => verb !== 'keep' && verb !== 'wait')
        ? [{ verb: 'record', target: 'release', because: [], certainty: 'likely' }]
        : [],
    run: (params: { keep: number }, context: RunContext<RecordReceipt>) => record(world, params, context),
    undo: async ({ id, keep_tags }: RecordReceipt): Promise<Done> => {
      for (const name of keep_tags) await dropTag(world, name);
      await releasesOf(world).remove(id);
      return undefined;
    },
    settle: async ({ keep }: RecordReceipt): Promise<Done> => {
      for (const { id, services } of world.model.releases.slice(keep)) {
        for (const { keep_tag } of Object.values(services)) await dropTag(world, keep_tag);
        await releasesOf(world).remove(id);
      }
      return undefined;
    },
  },
  'release.compare': {
    plan: async (_: unknown, look: Look) => [
      { verb: 'record', target: `release ${look.release?.id}`, because: [], certainty: 'likely' },
    ],
    async run(_: unknown, context: RunContext<CompareReceipt>) {
      const { id, restored } = context.look.release ?? { id: 'none' };
      const wrong = world.model.containers.filter((each) => each.state === 'running' && !isCurrent(world.model, each));
      if (wrong.length > 0) throw new StepFailure('what runs is another release', { class: 'expectation' });
      if (context.changed) {
        await context.record({ id, before: restored ?? null });
        await context.releases.markRestored(id, { at: context.clock.now(), run: 'k3f9', contents: {}, hashes: {} });
      }
      return { release: id, contents: [], say: 'equal' };
    },
    undo: async ({ id, before }: CompareReceipt): Promise<Done> => {
      await releasesOf(world).markRestored(id, before ?? undefined);
      return undefined;
    },
  },
});

async function record(world: World, { keep }: { keep: number }, context: RunContext<RecordReceipt>) {
  if (!context.changed) return { release: null, say: 'nothing was changed' };
  const known = (await context.releases.list()).find(({ run }) => run === context.run);
  const id = known?.id ?? (await context.releases.nextId());
  const release = releaseOf(world.model, id);
  const keep_tags = Object.values(release.services).map(({ keep_tag }) => keep_tag);
  await context.record({ id, keep, keep_tags });
  for (const { keep_tag, image_id } of Object.values(release.services)) await tag(world, keep_tag, image_id);
  if (!known) await context.releases.write({ ...release, run: context.run }, {});
  return { release: id, say: 'recorded' };
}

/** What runs, as a release of that name. */
export function releaseOf({ file, tags }: Model, id: string): Omit<Release, 'files'> {
  const services = Object.entries(file).map(([service, { image, config, replicas }]) => {
    const image_id = tags[image] ?? '';
    const kept = { image, image_id, digests: [], keep_tag: `kept/${service}:${id}` };
    return [service, { ...kept, config_hash: config, containers: replicas }] as const;
  });
  return {
    id,
    project: 'shop',
    engine_id: 'E',
    created_at: 0,
    compose_version: '2.26.1',
    profiles: [],
    services: Object.fromEntries(services),
    fingerprints: {},
  };
}

/** The store of releases: what it has written outlives the process. */
export function releasesOf(world: World): Releases {
  return {
    list: async () => structuredClone(world.model.releases),
    read: async () => new Uint8Array(),
    async write(release) {
      const written = { ...release, files: { config: 'compose.json' } };
      await change(world, `release ${release.id} is written`, (model) =>
        model.releases.unshift(structuredClone(written)),
      );
      return written;
    },
    async remove(id) {
      if (!world.model.releases.some((each) => each.id === id)) return;
      await change(world, `release ${id} is gone`, (model) => {
        model.releases = model.releases.filter((each) => each.id !== id);
      });
    },
    async markRestored(id, restored) {
      await change(world, `release ${id} is marked`, (model) => {
        for (const each of model.releases.filter((one) => one.id === id)) {
          if (restored) each.restored = restored;
          else delete each.restored;
        }
      });
    },
    nextId: async () => `r${world.model.releases.length + 1}`,
  };
}
