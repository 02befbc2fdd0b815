import { describe, expect, it } from 'vitest';
import { forecastDowntime, forecastDuration, median } from '../../src/plan/forecast.ts';
import { takes } from '../../src/plan/sentences.ts';
import type { Plan, PlannedChange } from '../../src/plan/types.ts';

const change = (more: Partial<PlannedChange>): PlannedChange => ({
  step: 'up',
  verb: 'recreate',
  target: 'web',
  because: [],
  certainty: 'certain',
  ...more,
});

describe('the forecast', () => {
  it.each([
    [[], undefined],
    [[5], 5],
    [[9, 1, 5], 5],
    [[1, 2, 3, 600], 2],
  ])('must take the middle one of %j, which one slow run does not move', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it('must not make up a duration where no run has ended', () => {
    expect(forecastDuration([], [])).toEqual({ runs: 0 });
  });

  it('must add up what is waited for in any case', () => {
    const soak = [change({ verb: 'wait', takes: 300_000 }), change({ verb: 'wait', takes: 60_000 }), change({})];
    expect(forecastDuration([25_000, 19_000, 41_000], soak)).toEqual({
      typical_ms: 25_000,
      shortest_ms: 19_000,
      longest_ms: 41_000,
      runs: 3,
      soak_ms: 360_000,
    });
  });

  it('must sum up gaps, and count those that nobody has measured', () => {
    const gap = (target: string, ms?: number) =>
      change({ target, downtime: { kind: 'gap', because: '', ...(ms === undefined ? {} : { ms }) } });
    const none = change({ target: 'api', downtime: { kind: 'none', because: '' } });
    expect(forecastDowntime([gap('web', 1000), gap('db', 500), gap('cache'), none, change({})])).toEqual({
      targets: ['web', 'db', 'cache'],
      ms: 1500,
      unmeasured: 1,
    });
  });

  it.each([
    [{ runs: 0 }, 'not known yet (no run has ended here)'],
    [{ runs: 0, soak_ms: 300_000 }, 'at least 5 min (no run has ended here yet)'],
    [
      { runs: 1, typical_ms: 6000, soak_ms: 10_000 },
      'at least 10 s (earlier runs watched for less, and took about 6 s)',
    ],
    [{ runs: 1, typical_ms: 325_000, soak_ms: 300_000 }, 'about 5 min 25 s, 5 min of it watching (1 run)'],
    [{ runs: 1, typical_ms: 25_000, shortest_ms: 25_000, longest_ms: 25_000 }, 'about 25 s (1 run)'],
    [{ runs: 12, typical_ms: 25_000, shortest_ms: 19_000, longest_ms: 41_000 }, 'about 25 s (12 runs: 19 to 41 s)'],
    [
      { runs: 2, typical_ms: 25_000, shortest_ms: 25_000, longest_ms: 100_000 },
      'about 25 s (2 runs: 25 s to 1 min 40 s)',
    ],
  ])('must say %j as "%s"', (duration, text) => {
    expect(takes({ duration } as unknown as Plan)).toBe(text);
  });
});
