import { describe, expect, test } from 'vitest';
import { compareSnapshots } from '../../../runners/stack/compare.ts';
import { type SnapshotContainer, type StackSnapshot, stackBefore } from '../../../runners/stack/snapshot.ts';
import { id, image } from './model-builders.ts';

const web: SnapshotContainer = {
  id: id('a'),
  name: 'shop-web-1',
  service: 'web',
  number: 1,
  running: true,
  health: 'healthy',
  image_id: image('1'),
  hash: 'h',
  environment: 'e',
  configuration: 'c',
  networks: { shop_default: { aliases: ['web'], address: '' }, shop_back: { aliases: [], address: '' } },
  mounts: ['shop_data at /data'],
  restart: 'always:0',
};
const shop: StackSnapshot = {
  project: 'shop',
  containers: [web],
  networks: ['shop_default'],
  volumes: ['shop_data'],
  tags: { 'shop/web:1': image('1'), 'shop/new:1': null },
};
const withWeb = (more: Partial<SnapshotContainer>): StackSnapshot => ({ ...shop, containers: [{ ...web, ...more }] });

describe('comparing a stack with what it was', () => {
  test('all back must say what was looked at', () => {
    expect(compareSnapshots(shop, shop)).toEqual({
      differences: [],
      say: 'shop is as it was: 1 image, 1 configuration, 1 healthy',
    });
  });

  test('a container that was made again counts as the same, as does one that is not healthy yet', () => {
    const networks = { shop_back: { aliases: [], address: '' }, shop_default: { aliases: ['web'], address: '' } };
    expect(compareSnapshots(shop, withWeb({ id: id('b'), networks, health: 'starting' }))).toEqual({
      differences: [],
      say: 'shop is as it was: 1 image, 1 configuration, 1 running',
    });
  });

  test.each<[string, StackSnapshot['edges']]>([
    ['at the edge of web shop-web-1 gets no requests and did', { web: [] }],
    [
      'at the edge of web shop-web-2 gets requests and did not',
      {
        web: [
          { name: 'shop-web-1', weight: 100 },
          { name: 'shop-web-2', weight: 1 },
        ],
      },
    ],
    ['at the edge of web shop-web-1 has the weight 11 instead of 100', { web: [{ name: 'shop-web-1', weight: 11 }] }],
    ['at the edge of web nobody tells who gets requests: it does not answer', { web: null }],
  ])('%s', (sentence, edges) => {
    const before = { ...shop, edges: { web: [{ name: 'shop-web-1', weight: 100 }] } };
    expect(compareSnapshots(before, { ...shop, ...(edges && { edges }) }).differences).toEqual([sentence]);
    expect(
      compareSnapshots({ ...shop, edges: { web: null } }, { ...shop, ...(edges && { edges }) }).differences,
    ).toEqual([]);
  });

  test.each<[string, StackSnapshot]>([
    ['shop-web-1 runs 2222… instead of 1111…', withWeb({ image_id: image('2') })],
    ['shop-web-1 does not run', withWeb({ running: false, health: null })],
    ['shop-web-1 is unhealthy and was healthy', withWeb({ health: 'unhealthy' })],
    ['shop-web-1 has another environment', withWeb({ environment: 'x' })],
    ['shop-web-1 has another configuration', withWeb({ hash: 'x' })],
    ['shop-web-1 has other networks or aliases', withWeb({ networks: {} })],
    ['shop-web-1 has other mounts', withWeb({ mounts: [] })],
    ['shop-web-1 has the restart policy no:0 instead of always:0', withWeb({ restart: 'no:0' })],
    ['shop-web-1 is gone', { ...shop, containers: [] }],
    ['shop-web-2 is there and was not', { ...shop, containers: [web, { ...web, name: 'shop-web-2' }] }],
    ['the network shop_default is gone', { ...shop, networks: [] }],
    ['the network shop_new is there and was not', { ...shop, networks: ['shop_default', 'shop_new'] }],
    ['the volume shop_data is gone', { ...shop, volumes: [] }],
    ['shop/web:1 is 2222… instead of 1111…', { ...shop, tags: { ...shop.tags, 'shop/web:1': image('2') } }],
    ['shop/web:1 names no image any more (it was 1111…)', { ...shop, tags: { 'shop/web:1': null } }],
    ['shop/new:1 is 2222… and named no image before', { ...shop, tags: { ...shop.tags, 'shop/new:1': image('2') } }],
  ])('%s', (sentence, now) => {
    expect(compareSnapshots(shop, now)).toEqual({
      differences: [sentence],
      say: 'shop is not as it was: 1 difference',
    });
  });

  test('a first deploy taken back must name the volumes that stay, and count as back', () => {
    const nothing = { ...shop, containers: [], networks: [], volumes: [], tags: {} };
    expect(compareSnapshots(nothing, { ...nothing, volumes: ['shop_data'] })).toEqual({
      differences: [],
      say: 'shop is as it was: it has no containers; the volume shop_data stays, with what is in there',
    });
  });

  test('what ran and was well before must be known by service', () => {
    const job = { ...web, name: 'shop-job-1', service: 'job', running: false, health: null };
    const sick = { ...web, name: 'shop-sick-1', service: 'sick', health: 'unhealthy' as const };
    const plain = { ...web, name: 'shop-plain-1', service: 'plain', health: null };
    expect(stackBefore({ ...shop, containers: [web, job, sick, plain] })).toEqual({
      services: {
        web: { running: true, healthy: true },
        job: { running: false, healthy: false },
        sick: { running: true, healthy: false },
        plain: { running: true, healthy: true },
      },
    });
  });
});
