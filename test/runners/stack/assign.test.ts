import { describe, expect, test } from 'vitest';
import { assign } from '../../../runners/stack/assign.ts';
import type { DesiredService, ObservedContainer } from '../../../runners/stack/model.ts';
import { container, id } from './model-builders.ts';

type Row = {
  title: string;
  replicas?: number;
  job?: boolean;
  /** Letter of the ID; `!` = does not fit; then the state. */
  there: [mark: string, state: string, exit?: number][];
  expected: Record<string, unknown>;
};

const rows: Row[] = [
  { title: 'one that fits stays', there: [['a', 'running']], expected: { verb: 'keep', keep: 'a' } },
  { title: 'one that does not is replaced', there: [['a!', 'running']], expected: { verb: 'recreate', replace: 'a' } },
  {
    title: 'one that fits and stands still is started',
    there: [['a', 'exited', 137]],
    expected: { verb: 'start', start: 'a' },
  },
  {
    title: 'a fitting one that runs goes before one that does not',
    there: [
      ['a', 'exited'],
      ['b', 'running'],
    ],
    expected: { verb: 'scale', keep: 'b', surplus: 'a' },
  },
  {
    title: 'missing ones are added',
    replicas: 3,
    there: [['a', 'running']],
    expected: { verb: 'scale', keep: 'a', add: 2 },
  },
  {
    title: 'too many: the highest numbers go',
    replicas: 1,
    there: [
      ['a', 'running'],
      ['b', 'running'],
      ['c', 'running'],
    ],
    expected: { verb: 'scale', keep: 'a', surplus: 'bc' },
  },
  {
    title: 'F27 an outdated one goes before a fresh one, whatever its number',
    replicas: 1,
    there: [
      ['a!', 'running'],
      ['b', 'running'],
    ],
    expected: { verb: 'scale', keep: 'b', surplus: 'a' },
  },
  {
    title: 'outdated and too few: replaced, then added',
    replicas: 3,
    there: [
      ['a!', 'running'],
      ['b', 'running'],
    ],
    expected: { verb: 'recreate', keep: 'b', replace: 'a', add: 1 },
  },
  {
    title: 'none wanted: all are surplus',
    replicas: 0,
    there: [['a', 'running']],
    expected: { verb: 'scale', surplus: 'a' },
  },
  {
    title: 'F28 a created one that fits is started, not made again',
    there: [['a', 'created']],
    expected: { verb: 'start', start: 'a' },
  },
  {
    title: 'F07 a created one that does not fit is cleared away',
    there: [
      ['a!', 'created'],
      ['b', 'running'],
    ],
    expected: { verb: 'keep', keep: 'b', leftovers: 'a' },
  },
  {
    title: 'a cut replacement is taken up where it was',
    there: [
      ['a!', 'exited'],
      ['b', 'created'],
    ],
    expected: { verb: 'scale', start: 'b', surplus: 'a' },
  },
  {
    title: 'a crash loop stays, the health gate judges it',
    there: [['a', 'restarting']],
    expected: { verb: 'keep', keep: 'a' },
  },
  { title: 'a dead one is replaced', there: [['a', 'dead']], expected: { verb: 'recreate', replace: 'a' } },
  { title: 'one being removed does not count', there: [['a', 'removing']], expected: { verb: 'create', add: 1 } },
  {
    title: 'F13 a job that ended well is done',
    job: true,
    there: [['a', 'exited', 0]],
    expected: { verb: 'keep', keep: 'a' },
  },
  { title: 'a job that runs is awaited', job: true, there: [['a', 'running']], expected: { verb: 'keep', keep: 'a' } },
  {
    title: 'a job that failed runs again',
    job: true,
    there: [['a', 'exited', 1]],
    expected: { verb: 'run', replace: 'a' },
  },
  { title: 'a changed job runs', job: true, there: [['a!', 'exited', 0]], expected: { verb: 'run', replace: 'a' } },
  {
    title: 'a job that was made but never ran is started',
    job: true,
    there: [['a', 'created']],
    expected: { verb: 'run', start: 'a' },
  },
  { title: 'a new job runs', job: true, there: [], expected: { verb: 'run', add: 1 } },
  {
    title: 'a former container of a job goes',
    job: true,
    there: [
      ['a!', 'exited', 0],
      ['b', 'exited', 0],
    ],
    expected: { verb: 'scale', keep: 'b', surplus: 'a' },
  },
];

describe('which containers stay, start, are replaced or go', () => {
  test.each(rows)('$title', ({ replicas = 1, job = false, there, expected }) => {
    const containers = there.map(([mark, status, exit = 0], index) =>
      container({ service: 'web', id: id(mark.slice(0, 1)), number: index + 1, status, exit }),
    );
    const outdated = new Set(there.filter(([mark]) => mark.endsWith('!')).map(([mark]) => id(mark.slice(0, 1))));
    const service = { name: 'web', replicas, job, config: {} } as DesiredService;
    const found = assign(service, containers, (one: ObservedContainer) => !outdated.has(one.id));
    const letters = (ids: readonly string[]) => ids.map((one) => one.slice(0, 1)).join('');
    const { verb, keep, start, replace, surplus, leftovers, add } = found;
    expect({
      verb,
      keep: letters(keep),
      start: letters(start),
      replace: letters(replace),
      surplus: letters(surplus),
      leftovers: letters(leftovers),
      add,
    }).toEqual({
      keep: '',
      start: '',
      replace: '',
      surplus: '',
      leftovers: '',
      add: 0,
      ...expected,
    });
  });

  test('a job that a rollback has put in place must not be run by the next deploy of the same version', () => {
    const job = { name: 'migrate', replicas: 1, job: true } as DesiredService;
    const made = container({ service: 'migrate', id: id('a'), status: 'created' });
    const since = { ...made, inspect: { ...made.inspect, Created: '2026-01-02T00:00:00Z' } } as ObservedContainer;
    const decide = (put_back_at: number) => assign(job, [since], () => true, put_back_at);
    expect(decide(Date.parse('2026-01-03'))).toMatchObject({ verb: 'keep', keep: [since.id], start: [] });
    expect(decide(Date.parse('2026-01-01'))).toMatchObject({ verb: 'run', start: [since.id] });
  });

  test('a job that is put back must never be started: what fits stays however it ended, else one is made', () => {
    const still = { name: 'migrate', replicas: 1, job: true, still: true } as DesiredService;
    const at = (status: string, exit = 0) => [container({ service: 'migrate', id: id('a'), status, exit })];
    const cases: [ReturnType<typeof at>, boolean, object][] = [
      [at('exited'), true, { verb: 'keep', keep: [id('a')] }],
      [at('exited', 1), true, { verb: 'keep', keep: [id('a')] }],
      [at('created'), true, { verb: 'keep', keep: [id('a')] }],
      [at('exited'), false, { verb: 'recreate', replace: [id('a')] }],
      [[], true, { verb: 'create', add: 1 }],
    ];
    for (const [there, fits, expected] of cases)
      expect(assign(still, there, () => fits)).toMatchObject({ start: [], ...expected });
  });

  test('a leftover of a broken recreate is cleared even where it fits', () => {
    const left = container({ service: 'web', name: '0123456789ab_shop-web-1', status: 'created' });
    const found = assign({ name: 'web', replicas: 1, job: false } as DesiredService, [left], () => true);
    expect(found).toMatchObject({ leftovers: [left.id], add: 1, verb: 'create' });
  });

  test('why: the reasons must be words for people', () => {
    const stopped = container({ service: 'web', status: 'exited', exit: 0 });
    const { because } = assign({ name: 'web', replicas: 2, job: false } as DesiredService, [stopped], () => true);
    expect(because).toEqual([
      'it has stopped (exit code 0); if it is a job, say `x-playbook: { job: true }`',
      '2 are wanted, 1 is there',
    ]);
  });
});
