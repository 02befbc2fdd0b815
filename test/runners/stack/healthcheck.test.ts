import { describe, expect, it } from 'vitest';
import { parseComposeDuration } from '../../../runners/stack/compose-duration.ts';
import {
  engineHealthcheck,
  healthDeadline,
  serviceHealthcheck,
  timeToUnhealthy,
} from '../../../runners/stack/healthcheck.ts';
import { counted, listed, sayBytes, sayDuration } from '../../../runners/stack/words.ts';

describe('durations as Compose prints them', () => {
  it.each([
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['500ms', 500],
    ['1h0m0s', 3_600_000],
    ['0s', 0],
    ['0', 0],
    ['90', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s', (text, ms) => {
    expect(parseComposeDuration(text)).toBe(ms);
  });
});

describe('how a healthcheck is timed', () => {
  const second = 1e9;

  it("must have Docker's defaults where the engine says 0", () => {
    expect(engineHealthcheck({ Test: ['CMD', 'true'], Interval: 0 })).toEqual({
      interval: 30_000,
      timeout: 30_000,
      retries: 3,
      start_period: 0,
    });
  });

  it.each([undefined, null, {}, { Test: [] }, { Test: ['NONE'] }])('must be none at all for %j', (config) => {
    expect(engineHealthcheck(config)).toBeUndefined();
  });

  it("must be the service's own keys over those of its image", () => {
    const image = { Test: ['CMD', 'true'], Interval: 5 * second, Retries: 9 };
    expect(serviceHealthcheck({ interval: '2s' }, image)).toMatchObject({ interval: 2000, retries: 9 });
    expect(serviceHealthcheck(undefined, image)).toMatchObject({ interval: 5000 });
    expect(serviceHealthcheck({ disable: true }, image)).toBeUndefined();
    expect(serviceHealthcheck({ interval: '2s' }, undefined)).toBeUndefined();
    const slow = { ...image, StartPeriod: 60 * second };
    expect(serviceHealthcheck({ start_period: '0s' }, slow)).toMatchObject({ start_period: 60_000 });
  });

  it('F20 must give each service the time that its own answer can take', () => {
    const check = { interval: 10_000, timeout: 5000, retries: 5, start_period: 120_000 };
    expect(timeToUnhealthy(check)).toBe(195_000);
    expect(healthDeadline(check)).toBe(205_000);
    expect(healthDeadline({ ...check, start_period: 0, retries: 1 })).toBe(30_000);
    expect(healthDeadline(undefined)).toBe(30_000);
  });
});

describe('words', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [1400, '1.4 s'],
    [5000, '5 s'],
    [59_900, '1 min'],
    [90_000, '1 min 30 s'],
    [2 * 3_600_000 + 300_000, '2 h 5 min'],
    [3 * 86_400_000, '3 days'],
  ])('must say %i ms as people do', (ms, text) => {
    expect(sayDuration(ms)).toBe(text);
  });

  it.each([
    [512, '512 B'],
    [41 * 1024 * 1024, '41 MB'],
    [1.1 * 1024 ** 3, '1.1 GB'],
  ])('must say %f bytes as people do', (bytes, text) => {
    expect(sayBytes(bytes)).toBe(text);
  });

  it('must list and count', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      'none',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect([counted(1, 'image'), counted(0, 'image')]).toEqual(['1 image', '0 images']);
  });
});
