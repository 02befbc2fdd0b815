import { describe, expect, test } from 'vitest';
import { decideServices } from '../../../runners/stack/diff.ts';
import type { Change } from '../../../src/runner/contract.ts';
import { container, desired, id, image, imageInspect, observed } from './model-builders.ts';

const web = { web: {} };

describe('what happens to a service', () => {
  test('nothing, where hash, image and scale are as the files want them', () => {
    const [decision] = decideServices(desired(web), observed([container({ service: 'web' })]), []);
    expect(decision).toMatchObject({
      verb: 'keep',
      because: [],
      keep: [id('c')],
      certainty: 'certain',
      image_id: image('1'),
    });
  });

  test('it is created where there is none', () => {
    const [decision] = decideServices(desired(web), observed([], { images: { 'shop/web:1': imageInspect('1') } }), []);
    expect(decision).toMatchObject({ verb: 'create', add: 1, because: ['it is not there yet'], certainty: 'certain' });
  });

  test('how many are created must be said where it is more than one', () => {
    const three = desired({ web: { deploy: { replicas: 3 } } });
    const [decision] = decideServices(three, observed([]), []);
    expect(decision).toMatchObject({ verb: 'create', add: 3, because: ['3 are wanted, none is there yet'] });
  });

  test('another image behind the same name must replace it, with both IDs named', () => {
    const there = observed([container({ service: 'web' })], { images: { 'shop/web:1': imageInspect('2') } });
    const [decision] = decideServices(desired(web), there, []);
    expect(decision).toMatchObject({
      verb: 'recreate',
      because: ['the image differs'],
      replace: [id('c')],
      image_id: image('2'),
    });
    expect(decision?.diff).toEqual([{ what: 'image', from: 'shop/web:1 (1111…)', to: 'shop/web:1 (2222…)' }]);
  });

  test('F08 another name of the same image must say that it is only the name', () => {
    const there = observed([container({ service: 'web', hash: 'old', imageName: 'shop/web:0' })]);
    const [decision] = decideServices(desired(web), there, []);
    expect(decision).toMatchObject({
      verb: 'recreate',
      because: ['the image has another name'],
      diff: [{ what: 'image', from: 'shop/web:0', to: 'shop/web:1' }],
    });
  });

  test('another image under another name must be said once', () => {
    const renamed = container({ service: 'web', hash: 'old', imageName: 'shop/web:0' });
    const there = observed([renamed], { images: { 'shop/web:1': imageInspect('2') } });
    expect(decideServices(desired(web), there, [])[0]).toMatchObject({
      because: ['the image differs'],
      diff: [{ what: 'image', from: 'shop/web:0 (1111…)', to: 'shop/web:1 (2222…)' }],
    });
  });

  test('F78 another Compose that hashes differently must count as unchanged, with a word', () => {
    const there = observed([container({ service: 'web', hash: 'old', version: '2.20.0' })]);
    const [decision] = decideServices(desired(web), there, []);
    expect(decision).toMatchObject({ verb: 'keep', because: [] });
    expect(decision?.note).toBe('Compose 2.20.0 → 2.26.1 hashes differently; all else is equal');
  });

  test('another hash of the same Compose must replace it, even where no reason is found', () => {
    const [decision] = decideServices(desired(web), observed([container({ service: 'web', hash: 'old' })]), []);
    expect(decision).toMatchObject({ verb: 'recreate', because: ['its configuration differs (by its hash)'] });
  });

  test('a container that this run has made must not be made again for the sake of a content', () => {
    const made = new Set([id('c')]);
    const there = observed([container({ service: 'web' })], { released: { 'config note': 'old' }, made });
    const [decision] = decideServices(desired(web, { contents: { 'config note': 'new' } }), there, []);
    expect(decision).toMatchObject({ verb: 'keep' });
  });

  test('F09 another content of a config than the newest release has must replace it', () => {
    const there = observed([container({ service: 'web' })], { released: { 'config note': 'old' } });
    const [decision] = decideServices(desired(web, { contents: { 'config note': 'new' } }), there, []);
    expect(decision).toMatchObject({ verb: 'recreate', because: ['the content of config note differs'] });
  });

  test.each([
    ['no release', undefined],
    ['a release that does not know it', {}],
    ['the same content', { 'config note': 'new' }],
  ])('a content must change nothing where there is %s', (_title, released) => {
    const there = observed([container({ service: 'web' })], released && { released });
    const [decision] = decideServices(desired(web, { contents: { 'config note': 'new' } }), there, []);
    expect(decision?.verb).toBe('keep');
  });

  test('what uses the volumes of a replaced service must be replaced with it', () => {
    const stack = desired({ app: {}, cron: { volumes_from: ['app:ro'] } });
    const there = observed([container({ service: 'app', hash: 'old' }), container({ service: 'cron', id: id('d') })]);
    const decisions = decideServices(stack, there, []);
    expect(decisions.map(({ service, verb }) => [service, verb])).toEqual([
      ['app', 'recreate'],
      ['cron', 'recreate'],
    ]);
    expect(decisions[1]?.because).toEqual(['it uses the volumes of app, which is replaced']);
  });

  test('F11 what shares the network of a replaced service must be replaced with it', () => {
    const stack = desired({ vpn: {}, inside: { network_mode: 'service:vpn' } });
    const there = observed([container({ service: 'vpn', hash: 'old' }), container({ service: 'inside', id: id('d') })]);
    const decisions = decideServices(stack, there, []);
    expect(decisions.map(({ service, verb }) => [service, verb])).toEqual([
      ['vpn', 'recreate'],
      ['inside', 'recreate'],
    ]);
    expect(decisions[1]?.because).toEqual(['it shares the network of vpn, which is replaced']);
  });

  test('the order must be that of dependency', () => {
    const stack = desired({ a: { depends_on: { z: { condition: 'service_started' } } }, z: {} });
    expect(decideServices(stack, observed([]), []).map(({ service }) => service)).toEqual(['z', 'a']);
  });
});

describe('an image that an earlier step brings', () => {
  const change = (more: Partial<Change>): Change => ({
    verb: 'pull',
    target: 'image shop/web:1',
    because: [],
    certainty: 'likely',
    ...more,
  });
  const there = observed([container({ service: 'web' })]);

  test.each([
    [
      'a pull that names the image',
      change({ binds: { image: image('2') }, certainty: 'certain' }),
      { verb: 'recreate', image_id: image('2'), certainty: 'certain' },
    ],
    ['a pull of the image that runs', change({ binds: { image: image('1') }, certainty: 'certain' }), { verb: 'keep' }],
    [
      'a pull that cannot know it',
      change({}),
      { verb: 'recreate', certainty: 'likely', because: ['the image may differ'] },
    ],
    [
      'a build',
      change({ verb: 'build', certainty: 'certain' }),
      { verb: 'recreate', certainty: 'unknown', because: ['the image may differ'] },
    ],
    ['a step that leaves it', change({ verb: 'keep' }), { verb: 'keep', certainty: 'certain' }],
    ['a pull of another image', change({ target: 'image shop/api:1' }), { verb: 'keep' }],
  ])('%s', (_title, earlier, expected) => {
    expect(decideServices(desired(web), there, [earlier])[0]).toMatchObject(expected);
  });

  test('a reason that is certain anyway must stay certain', () => {
    const outdated = observed([container({ service: 'web', hash: 'old', env: ['A=1'] })]);
    expect(decideServices(desired(web), outdated, [change({ verb: 'build' })])[0]).toMatchObject({
      verb: 'recreate',
      certainty: 'certain',
      because: ['the environment differs', 'the image may differ'],
    });
  });
});
