import { describe, expect, test } from 'vitest';
import { decideContainers } from '../../../runners/release/containers-decide.ts';
import { container, id } from '../stack/model-builders.ts';

type One = [service: string, letter: string, status?: string];

const all = (given: readonly One[]) =>
  given.map(([service, letter, status = 'running']) => container({ service, id: id(letter), status }));

describe('exactly the containers of the release must be there again', () => {
  const cases: [string, One[], One[], [string, string, boolean][], string][] = [
    ['nothing differs', [['web', 'a']], [['web', 'a']], [['web', 'keep', false]], ''],
    ['one is gone, another there', [['web', 'a']], [['web', 'b']], [['web', 'recreate', true]], 'b'],
    ['one is gone, none there', [['web', 'a']], [], [['web', 'recreate', false]], ''],
    ['one was stopped', [['web', 'a']], [['web', 'a', 'exited']], [['web', 'start', false]], ''],
    [
      'one is kept beside its successor',
      [['web', 'a']],
      [
        ['web', 'a', 'exited'],
        ['web', 'b'],
      ],
      [['web', 'start', true]],
      'b',
    ],
    [
      'one more runs',
      [['web', 'a']],
      [
        ['web', 'a'],
        ['web', 'b'],
      ],
      [['web', 'start', true]],
      'b',
    ],
    [
      'a service came since',
      [['web', 'a']],
      [
        ['web', 'a'],
        ['new', 'n'],
      ],
      [
        ['new', 'remove', true],
        ['web', 'keep', false],
      ],
      'n',
    ],
    ['a job that ended stays ended', [['job', 'a', 'exited']], [['job', 'a', 'exited']], [['job', 'keep', false]], ''],
    ['what stood still runs now', [['web', 'a', 'exited']], [['web', 'a']], [['web', 'start', true]], ''],
  ];
  test.each(cases)('%s', (_what, kept, now, services, retire) => {
    const decision = decideContainers(all(kept), all(now));
    expect(decision.services.map(({ service, verb, stops }) => [service, verb, stops])).toEqual(services);
    expect(decision.retire.map((one) => one.id.slice(0, 1)).join('')).toBe(retire);
  });
});

test('a service must come after what its container says it needs', () => {
  const label = (needs: string) => ({ 'com.docker.compose.depends_on': `${needs}:service_healthy:false` });
  const kept = [
    container({ service: 'api', id: id('a'), labels: label('web') }),
    container({ service: 'web', id: id('b'), labels: label('zoo') }),
    container({ service: 'zoo', id: id('c') }),
  ];
  expect(decideContainers(kept, []).services.map(({ service }) => service)).toEqual(['zoo', 'web', 'api']);
});
