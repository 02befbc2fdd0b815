import { describe, expect, it } from 'vitest';
import { type Health, healthAtFirst, judgeHealth } from '../../../runners/watch/health-decide.ts';
import type { Replica } from '../../../runners/watch/replica.ts';
import type { WatchedService } from '../../../runners/watch/watched-stack.ts';
import type { Json } from '../../../src/runner/contract.ts';
import { blind, replica, service } from './replicas.ts';

type Looked = [seconds: number, ...replicas: Replica[]];

/** Looks one after the other with `for: 10s`; what each comes to: `good`, or what is said of what is bad. */
function judged(looks: Looked[], services: WatchedService[] = [service()], baseline?: Json) {
  let before: Health = healthAtFirst(baseline);
  return looks.map(([seconds, ...replicas]) => {
    const { health, sample, due } = judgeHealth(services, replicas, { at: seconds * 1000, before, for: 10_000 });
    before = health;
    return { outcome: sample.bad ? sample.say : 'good', say: sample.say, values: sample.values, due };
  });
}

const outcomes = (...args: Parameters<typeof judged>) => judged(...args).map(({ outcome }) => outcome);

describe('watch.health', () => {
  const unhealthy = replica({ health: 'unhealthy' });

  it('F24 must be bad once a container has been unhealthy for long enough, and say when that will be', () => {
    const [first, second, third] = judged([
      [0, replica()],
      [5, unhealthy],
      [15, unhealthy],
    ]);
    expect(first).toMatchObject({ outcome: 'good', due: undefined, values: { bad_for: 0 } });
    expect(second).toMatchObject({ outcome: 'good', due: 10_000, values: { unhealthy: 1, services: ['web'] } });
    expect(third).toMatchObject({ outcome: 'web is unhealthy for 10 s', due: undefined, values: { bad_for: 10 } });
  });

  it('F22 must count anew after each moment in which it was good', () => {
    expect(
      outcomes([
        [0, unhealthy],
        [9, replica()],
        [10, unhealthy],
        [19, unhealthy],
        [20, unhealthy],
      ]),
    ).toEqual(['good', 'good', 'good', 'good', 'web is unhealthy for 10 s']);
  });

  const lasting: [string, WatchedService, Replica[], string][] = [
    ['no container', service(), [], 'web has no container for 10 s'],
    ['an exited one', service(), [replica({ state: 'exited', exit_code: 3 })], 'web is down (exit code 3) for 10 s'],
    [
      'one in its restart back-off',
      service(),
      [replica({ state: 'restarting', exit_code: 1 })],
      'web is down (exit code 1, it waits for its restart) for 10 s',
    ],
    ['a dead one', service(), [replica({ state: 'dead' })], 'web is dead for 10 s'],
    ['a paused one', service(), [replica({ state: 'paused' })], 'web is paused for 10 s'],
    ['one that was never started', service(), [replica({ state: 'created' })], 'web is not started for 10 s'],
    [
      'too few',
      service({ replicas: 2 }),
      [replica(), replica({ name: 'shop-web-2', state: 'exited' })],
      'web has 1 of 2 containers running for 10 s',
    ],
    [
      'one unhealthy of several',
      service({ replicas: 2 }),
      [replica(), replica({ name: 'shop-web-2', health: 'unhealthy' })],
      'web is unhealthy (1 of 2 containers) for 10 s',
    ],
    [
      'one unhealthy more than is wanted',
      service(),
      [replica(), replica({ name: 'shop-web-2', health: 'unhealthy' })],
      'web is unhealthy (1 of 2 containers) for 10 s',
    ],
  ];
  it.each(lasting)('must find bad: %s', (_what, wanted, replicas, say) => {
    expect(
      outcomes(
        [
          [0, ...replicas],
          [10, ...replicas],
        ],
        [wanted],
      ),
    ).toEqual(['good', say]);
  });

  const fine: [string, WatchedService, Replica[]][] = [
    ['one that is still starting', service(), [replica({ health: 'starting' })]],
    ['one without a healthcheck', service(), [blind()]],
    ['an ended job', service({ job: true }), [blind({ state: 'exited', exit_code: 1 })]],
    ['a service of no replica', service({ replicas: 0 }), []],
    [
      'one that is kept for the way back beside a new one',
      service(),
      [replica(), replica({ name: 'shop-web-2', state: 'exited', exit_code: 137 })],
    ],
    [
      'kept ones that were unhealthy when they were stopped',
      service({ replicas: 2 }),
      [replica(), replica({ name: 'b' }), blind({ name: 'c', state: 'exited' }), blind({ name: 'd', state: 'exited' })],
    ],
  ];
  it.each(fine)('must not find bad: %s', (_what, wanted, replicas) => {
    expect(
      outcomes(
        [
          [0, ...replicas],
          [10, ...replicas],
          [999, ...replicas],
        ],
        [wanted],
      ),
    ).toEqual(['good', 'good', 'good']);
  });

  it('must leave out what was bad before, and judge it once it has been good', () => {
    const two = [service(), service({ name: 'api' })];
    const api = (health: Replica['health'] & string) => replica({ service: 'api', health });
    const looks: Looked[] = [
      [0, unhealthy, api('unhealthy')],
      [10, unhealthy, api('unhealthy')],
      [11, replica(), api('starting')],
      [30, replica(), api('unhealthy')],
      [40, replica(), api('unhealthy')],
      [41, replica(), api('healthy')],
      [42, replica(), api('unhealthy')],
      [52, replica(), api('unhealthy')],
    ];
    const all = judged(looks, two, { aside: ['api'] });
    expect(all.map(({ outcome }) => outcome)).toEqual([
      'good',
      'web is unhealthy for 10 s',
      ...Array.from({ length: 5 }, () => 'good'),
      'api is unhealthy for 10 s',
    ]);
    expect(all[2]?.say).toBe('nothing is bad of 1 service; api must be good once before it counts');
    expect(all[5]?.say).toBe('nothing is bad of 2 services');
  });
});
