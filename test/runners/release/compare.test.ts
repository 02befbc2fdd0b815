import { describe, expect, test } from 'vitest';
import { keptDifferences, releaseDifferences } from '../../../runners/release/compare-decide.ts';
import type { ObservedContainer } from '../../../runners/stack/model.ts';
import { container, desired, id, image } from '../stack/model-builders.ts';

const service = (name: string, containers = 1) => ({
  image: `shop/${name}:1`,
  image_id: image('1'),
  digests: [],
  keep_tag: 'k',
  config_hash: 'as-recorded',
  containers,
});
const release = { services: { web: service('web', 2), migrate: service('migrate') } };
const wanted = desired({ web: {}, migrate: {} }, { jobs: ['migrate'] });

const web = (number: number, more: object = {}) =>
  container({ service: 'web', id: id(String(number)), number, ...more });
const migrate = container({ service: 'migrate', id: id('m'), status: 'exited' });

describe('F43 what runs must be the release, in images, counts and configuration, and all of it up', () => {
  const cases: [string, ObservedContainer[], string[]][] = [
    ['all is as it was', [web(1), web(2), migrate], []],
    ['with the hash of that time', [web(1, { hash: 'as-recorded' }), web(2), migrate], []],
    ['a job that is not run again', [web(1), web(2), container({ service: 'migrate', status: 'created' })], []],
    [
      'a job that looked ill before it ended',
      [web(1), web(2), container({ service: 'migrate', status: 'exited', health: 'unhealthy' })],
      [],
    ],
    ['one too few', [web(1), migrate], ['web has 1 container, and the release 2']],
    ['another image', [web(1), web(2, { image: image('2') }), migrate], ['web runs 2222…, and the release 1111…']],
    ['another configuration', [web(1, { hash: 'x' }), web(2), migrate], ['web was made from another configuration']],
    ['one unhealthy', [web(1, { health: 'unhealthy' }), web(2), migrate], ['shop-web-1 is unhealthy']],
    [
      'one more service',
      [web(1), web(2), migrate, container({ service: 'new' })],
      ['new has a container, and the release has none'],
    ],
    ['none', [], ['web has 0 containers, and the release 2', 'migrate has 0 containers, and the release 1']],
  ];
  test.each(cases)('%s', (_what, now, differences) => {
    expect(releaseDifferences(release, wanted, now)).toEqual(differences);
  });

  test('one that stands still is not up', () => {
    const one = { services: { web: service('web') } };
    expect(releaseDifferences(one, wanted, [web(1, { status: 'exited' })])).toEqual(['shop-web-1 does not run']);
  });
});

test('without a file the containers must be what the engine said of them then', () => {
  const hmac = (text: string | Uint8Array) => `hmac ${String(text)}`;
  const kept = [web(1, { env: ['A=1'] }), migrate];
  expect(keptDifferences(kept, [web(1, { env: ['A=1'], id: id('z') }), migrate], hmac)).toEqual([]);
  expect(keptDifferences(kept, [web(1, { env: ['A=2'] }), container({ service: 'new' })], hmac)).toEqual([
    'shop-web-1 has another environment',
    'shop-migrate-1 is gone',
    'shop-new-1 is there, and the release does not have it',
  ]);
});
