import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../runners/watch/log-limits.ts';
import { judgeLogs, rateOf } from '../../../runners/watch/logs-decide.ts';
import { most, slidingWindow } from '../../../runners/watch/sliding-window.ts';

function judged(count: number, params: { more_than?: number; over_baseline?: string }, per_window?: number) {
  const rate = rateOf(per_window === undefined ? undefined : { per_window });
  const limits = limitsOf(params);
  return judgeLogs({ at: 0, count, within: 60_000, limits, unread: [], ...(rate && { rate }) });
}

describe('watch.logs', () => {
  const cases: [string, number, Parameters<typeof judged>[1], number | undefined, boolean][] = [
    ['as many as are allowed', 10, { more_than: 10 }, undefined, false],
    ['one more', 11, { more_than: 10 }, undefined, true],
    ['nothing said: ten', 10, {}, undefined, false],
    ['nothing said: eleven', 11, {}, undefined, true],
    ['none allowed', 1, { more_than: 0 }, undefined, true],
    ['as often as three times before', 12, { over_baseline: '3x' }, 4, false],
    ['more often than three times before', 13, { over_baseline: '3x' }, 4, true],
    [
      'three times next to nothing, which is not more than allowed',
      3,
      { over_baseline: '3x', more_than: 10 },
      0.2,
      false,
    ],
    ['far more than before, and than allowed', 11, { over_baseline: '3x', more_than: 10 }, 0.2, true],
    ['more than allowed, but as before', 40, { over_baseline: '1.5x', more_than: 10 }, 30, false],
    ['the first line, where there was none before', 1, { over_baseline: '3x' }, 0, true],
    ['any, where there is no old version', 1000, { over_baseline: '3x' }, undefined, false],
    ['more than allowed, where there is no old version', 11, { over_baseline: '3x', more_than: 10 }, undefined, true],
    [
      'a flood, where before was a flood that three times could not be counted',
      most,
      { over_baseline: '3x' },
      most,
      true,
    ],
  ];
  it.each(cases)('%s', (_what, count, params, before, bad) => {
    expect(judged(count, params, before).bad).toBe(bad);
  });

  it('must say what it was before, and whose log is missing', () => {
    expect(judged(13, { over_baseline: '3x' }, 4.25).say).toBe('13 matching lines in 1 min, before it was 4.3');
    expect(judged(1, { over_baseline: '3x' }).say).toBe('1 matching line in 1 min, and no old version to compare with');
    const limits = limitsOf({});
    expect(judgeLogs({ at: 0, count: 0, within: 1000, limits, unread: ['shop-web-1'] }).say).toBe(
      '0 matching lines in 1 s; the log of shop-web-1 cannot be read',
    );
  });
});

describe('a sliding window', () => {
  it('must count what is younger than its span, and forget the rest', () => {
    const window = slidingWindow(1000);
    for (const at of [0, 500, 900]) window.add(at);
    expect([900, 999, 1000, 1499, 1500, 1899, 1900].map((now) => window.count(now))).toEqual([3, 3, 2, 2, 1, 1, 0]);
    window.add(2000);
    expect(window.count(2000)).toBe(1);
  });

  it('must keep no more than so many, the newest', () => {
    const window = slidingWindow(1000);
    for (let at = 0; at < 3 * most; at += 1) window.add(at < 2.5 * most ? 1 : 10);
    expect(window.count(10)).toBe(most);
    expect(window.count(1005)).toBe(most / 2);
  });
});
