import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { imageInventory, orphansInPlan, volumeInventory } from '../../../runners/docker/inventory.ts';
import {
  decideContainers,
  decideImages,
  decideNetworks,
  orphanedVolumes,
  whyVolumeStays,
} from '../../../runners/prune/decide.ts';
import { keptForNow } from '../../../runners/prune/remove.ts';
import type {
  EngineContainer,
  EngineImage,
  EngineNetwork,
  EngineVolume,
  WholeEngine,
} from '../../../runners/stack/whole-engine.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const age = { older_than: DAY, now: NOW };

const image = (id: string, more: Partial<EngineImage> = {}): EngineImage => ({
  id,
  names: [`${id}:1`],
  digests: [],
  size: 10,
  since: 0,
  ...more,
});
const container = (name: string, more: Partial<EngineContainer> = {}): EngineContainer => ({
  id: `id of ${name}`,
  name,
  state: 'exited',
  image_id: 'none',
  image: 'none',
  oneoff: false,
  created: 0,
  volumes: [],
  networks: [],
  ...more,
});
const network = (name: string, more: Partial<EngineNetwork> = {}): EngineNetwork => ({
  id: `id of ${name}`,
  name,
  builtin: false,
  created: 0,
  ...more,
});
const volume = (name: string, more: Partial<EngineVolume> = {}): EngineVolume => ({
  name,
  anonymous: false,
  lock: false,
  created: 0,
  ...more,
});
const engine = (more: Partial<WholeEngine>): WholeEngine => ({
  containers: [],
  images: [],
  networks: [],
  volumes: [],
  busy: [],
  ...more,
});

const removed = ({ remove }: { remove: { what: { id: string } }[] }) => remove.map(({ what }) => what.id);

describe('images', () => {
  it('must go by default only when they have no name', () => {
    const world = engine({
      images: [image('a', { names: [] }), image('b'), image('c', { names: [], digests: ['c@sha256:1'] })],
    });
    expect(removed(decideImages(world, 'dangling', age))).toEqual(['a']);
    expect(removed(decideImages(world, 'unused', age))).toEqual(['a', 'b', 'c']);
  });

  it('F55 must stay when a release of whatever stack keeps them', () => {
    const world = engine({
      images: [
        image('a', { names: ['playbook/shop/web:r3'] }),
        image('b', { names: ['b:1', 'playbook/other/x--57:found'] }),
      ],
    });
    const decided = decideImages(world, 'unused', age);
    expect(removed(decided)).toEqual([]);
    expect(decided.keep.map(({ because }) => because)).toEqual([
      'it is kept for shop r3',
      'it is kept for other found',
    ]);
  });

  it('must stay when a stopped container uses them', () => {
    const world = engine({ images: [image('a')], containers: [container('old', { image_id: 'a' })] });
    expect(decideImages(world, 'unused', age).keep[0]?.because).toBe('old uses it');
  });

  it('must stay while they are new, and while a run is not finished', () => {
    expect(removed(decideImages(engine({ images: [image('a', { since: NOW - 1 })] }), 'unused', age))).toEqual([]);
    expect(removed(decideImages(engine({ images: [image('a')], busy: ['shop'] }), 'unused', age))).toEqual([]);
  });
});

describe('what would go, but not yet', () => {
  const world = engine({
    images: [image('a', { since: NOW - 1 }), image('b'), image('c', { names: ['playbook/shop/web:r3'] })],
    containers: [container('new', { created: NOW - 1 }), container('shop-web-1', { project: 'shop' })],
  });
  const said = (changes: { target: string; because: string[]; verb: string }[]) =>
    changes.map(({ verb, target, because }) => `${verb} ${target}: ${because.join()}`);

  it('must be told where it is only too new, and not what stays in any case', () => {
    expect(said(keptForNow('image', decideImages(world, 'unused', age).keep, DAY))).toEqual([
      'keep what is new: 1 image not older than 24 h',
    ]);
    expect(said(keptForNow('container', decideContainers(world, age).keep, DAY))).toEqual([
      'keep what is new: 1 container not older than 24 h',
    ]);
  });

  it('must be told where a run that is not finished may need it', () => {
    const networks = ['shop', 'blog'].map((project) => network(`${project}_default`, { project }));
    const two = engine({ networks, busy: ['shop', 'blog'] });
    expect(said(keptForNow('network', decideNetworks(two, age).keep, DAY))).toEqual([
      'keep what a run may need: 1 network, and a run on shop is not finished',
      'keep what a run may need: 1 network, and a run on blog is not finished',
    ]);
    const busy = { ...world, busy: ['shop'] };
    expect(said(keptForNow('image', decideImages(busy, 'unused', age).keep, DAY))).toEqual([
      'keep what a run may need: 2 images, and a run on shop is not finished',
    ]);
    expect(said(keptForNow('container', decideContainers(busy, age).keep, DAY))).toEqual([
      'keep what is new: 1 container not older than 24 h',
    ]);
  });

  it('must not be told by default of images that have a name', () => {
    expect(keptForNow('image', decideImages(world, 'dangling', age).keep, DAY)).toEqual([]);
  });
});

describe('containers', () => {
  it('must go when they are stopped and belong to no stack, or were made for one command', () => {
    const containers = [
      container('loose'),
      container('running', { state: 'running' }),
      container('shop-run-1', { project: 'shop', oneoff: true }),
      container('0123456789ab_shop-web-1', { project: 'shop', service: 'web' }),
      container('shop-web-2', { project: 'shop', service: 'web', state: 'running' }),
      container('0123456789ab_shop-db-1', { project: 'shop', service: 'db' }),
      container('shop-migrate-1', { project: 'shop', service: 'migrate' }),
      container('paused', { state: 'paused' }),
    ];
    const gone = removed(decideContainers(engine({ containers }), age));
    expect(gone).toEqual(['id of loose', 'id of shop-run-1', 'id of 0123456789ab_shop-web-1']);
  });
});

describe('networks', () => {
  it('must go only when nothing is in them and their stack is gone', () => {
    const world = engine({
      containers: [container('shop-web-1', { project: 'shop', networks: ['id of used'] })],
      networks: [
        network('bridge', { builtin: true }),
        network('used', { project: 'gone' }),
        network('by-hand'),
        network('shop_default', { project: 'shop' }),
        network('gone_default', { project: 'gone' }),
      ],
    });
    expect(removed(decideNetworks(world, age))).toEqual(['id of gone_default']);
  });
});

describe('volumes', () => {
  const world = engine({
    volumes: [volume('data', { size: 5 }), volume('old', { size: 7 }), volume('held', { project: 'shop' })],
    containers: [container('db', { volumes: ['data'] })],
    busy: ['shop'],
  });

  it('F57 must be listed when no container uses them, and have no removal of their own', () => {
    expect(orphanedVolumes(world).map(({ name }) => name)).toEqual(['old', 'held']);
    expect(volumeInventory(world)).toMatchObject({ orphaned: ['old', 'held'], bytes: 12 });
  });

  it('F57 must be shown in a plan, those without a name in one line', () => {
    const many = Array.from({ length: 14 }, (_, index) => volume(`old${index}`, { size: 14 - index }));
    const unnamed = [volume('0f', { anonymous: true, size: 1024 }), volume('1f', { anonymous: true, size: 1024 })];
    const changes = orphansInPlan(engine({ volumes: [...unnamed, ...many, volume('lock', { lock: true })] }));
    const said = changes.map(({ verb, target, because }) => `${verb} ${target}: ${because.join()}`);
    expect(said.slice(0, 2)).toEqual([
      'keep volume old0: 14 B, no container uses it',
      'keep volume old1: 13 B, no container uses it',
    ]);
    expect(said.slice(12)).toEqual([
      'keep what is smaller: 2 volumes, 3 B in all, no container uses them',
      'keep what has no name: 2 volumes, 2 kB in all, no container uses them',
    ]);
    expect(orphansInPlan(world).map(({ because }) => because)).toEqual([
      ['7 B, no container uses it'],
      ['no container uses it'],
    ]);
  });

  it('must stay, also when named, while a container or an unfinished run has them', () => {
    expect(whyVolumeStays('data', world)).toBe('db uses it');
    expect(whyVolumeStays('held', world)).toContain('not finished');
    expect(whyVolumeStays('odl', world)).toContain('no volume of that name');
    expect(whyVolumeStays('old', world)).toBeUndefined();
  });
});

test('the inventory of images must say who needs each, and count what nothing needs', () => {
  const world = engine({
    images: [
      image('a', { size: 30, shared: 10 }),
      image('b', { names: [], size: 5 }),
      image('c', { names: ['playbook/shop/web:r1'], size: 1 }),
    ],
    containers: [container('web', { image_id: 'a' })],
  });
  expect(imageInventory(world)).toMatchObject({
    images: [{ id: 'a', used_by: ['web'], shared: 10 }, { id: 'b' }, { id: 'c', kept_for: ['shop r1'] }],
    dangling: 1,
    unused: 1,
    bytes: 26,
  });
});

const projects = ['shop', 'blog'];
const project = fc.option(fc.constantFrom(...projects), { nil: undefined });
const optional = <V>(key: string, value: V | undefined) => (value === undefined ? {} : { [key]: value });
const states = fc.constantFrom('running', 'exited', 'created', 'dead', 'paused', 'restarting');
const ids = ['i1', 'i2', 'i3', 'i4'];
const worlds = fc.record({
  containers: fc.array(
    fc
      .tuple(fc.nat(99), states, fc.constantFrom(...ids), project, fc.boolean(), fc.nat(2_000), fc.boolean())
      .map(([n, state, image_id, owner, oneoff, day, left]) =>
        container(`${left ? '0123456789ab_' : ''}c${n}`, {
          id: `c${n}`,
          state,
          image_id,
          oneoff,
          created: day * DAY,
          ...optional('project', owner),
          networks: [`n${n % 4}`],
          volumes: [`v${n % 4}`],
        }),
      ),
    { maxLength: 6 },
  ),
  images: fc.array(
    fc
      .tuple(
        fc.constantFrom(...ids, 'i5', 'i6'),
        fc.subarray(['a:1', 'shop/web:2', 'playbook/shop/web:r1', 'playbook/blog/x:found']),
        fc.nat(2_000),
      )
      .map(([id, names, day]) => image(id, { names, since: day * DAY })),
    { maxLength: 6 },
  ),
  networks: fc.array(
    fc
      .tuple(fc.nat(5), project, fc.boolean())
      .map(([n, owner, builtin]) => network(`n${n}`, { id: `n${n}`, builtin, ...optional('project', owner) })),
    { maxLength: 5 },
  ),
  volumes: fc.array(
    fc.nat(5).map((n) => volume(`v${n}`)),
    { maxLength: 5 },
  ),
  busy: fc.subarray(projects),
});

test('F55 F56 whatever the engine holds, nothing that anybody needs must ever be among the removals', () => {
  fc.assert(
    fc.property(
      worlds,
      fc.constantFrom('dangling' as const, 'unused' as const),
      fc.nat(1_500),
      (world, which, days) => {
        const limits = { older_than: days * DAY, now: NOW };
        for (const { what } of decideImages(world, which, limits).remove) {
          expect(world.containers.some(({ image_id }) => image_id === what.id)).toBe(false);
          expect(what.names.some((name) => name.startsWith('playbook/'))).toBe(false);
          expect(NOW - what.since).toBeGreaterThanOrEqual(limits.older_than);
          if (which === 'dangling') expect(what.names).toEqual([]);
          if (what.names.length > 0) expect(world.busy).toEqual([]);
        }
        for (const { what } of decideContainers(world, limits).remove) {
          expect(['exited', 'created', 'dead']).toContain(what.state);
          expect(what.project !== undefined && world.busy.includes(what.project)).toBe(false);
          expect(what.project === undefined || what.oneoff || what.name.startsWith('0123456789ab_')).toBe(true);
        }
        for (const { what } of decideNetworks(world, limits).remove) {
          expect(what.builtin).toBe(false);
          expect(world.containers.some(({ networks }) => networks.includes(what.id))).toBe(false);
          expect(world.containers.some((each) => each.project === what.project)).toBe(false);
        }
        for (const { name } of world.volumes) {
          const used = world.containers.some(({ volumes }) => volumes.includes(name));
          expect(whyVolumeStays(name, world) === undefined && used).toBe(false);
        }
      },
    ),
    { numRuns: 500 },
  );
});
