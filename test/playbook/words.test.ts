import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/playbook/duration.ts';
import { formatFault, parseBackoff } from '../../src/playbook/formats.ts';
import { nearest, suggestion } from '../../src/playbook/nearest.ts';
import { formatSize, parseSize } from '../../src/playbook/size.ts';

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['500ms', 500],
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['2h', 7_200_000],
    ['', undefined],
    ['90', undefined],
    ['-1s', undefined],
    ['1 m', undefined],
    ['1d', undefined],
    ['s', undefined],
    ['9999999999999999999h', undefined],
  ])('%j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    [0, '0 s'],
    [400, '0.4 s'],
    [1_600, '1.6 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min'],
    [90_000, '1 min 30 s'],
    [300_000, '5 min'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms must read %j', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('sizes', () => {
  test.each([
    ['512m', 536_870_912],
    ['2g', 2_147_483_648],
    ['64kb', 65_536],
    ['1.5G', 1_610_612_736],
    ['10b', 10],
    ['10', undefined],
    ['10x', undefined],
    ['', undefined],
  ])('%j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1 kB'],
    [536_870_912, '512 MB'],
    [1_610_612_736, '1.5 GB'],
    [1_048_575, '1 MB'],
  ])('%d must read %j', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  test('what is written must never be empty or without a unit', () => {
    const written = fc.sample(fc.nat(), 200).map(formatSize);
    expect(written.filter((text) => !/^[\d.]+ [kMGT]?B$/.test(text))).toEqual([]);
  });
});

describe('the nearest name', () => {
  const names = ['compose.up', 'compose.pull', 'health.wait', 'http.check', 'timeout', 'with'];
  test.each([
    ['compose.upp', 'compose.up'],
    ['pull.compose', 'compose.pull'],
    ['helath.wait', 'health.wait'],
    ['Timeout', 'timeout'],
    ['health-wait', 'health.wait'],
    ['up', 'compose.up'],
    ['wiht', 'with'],
    ['kubernetes', undefined],
    ['x', undefined],
  ])('%j must be taken for %j', (word, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  test('where nothing is near, all names must be listed', () => {
    expect(suggestion('zzz', ['a', 'b'], 'there is')).toBe('there is: `a`, `b`');
    expect(suggestion('zzz', [])).toBeUndefined();
  });
});

describe('formats', () => {
  test.each([
    ['url', 'http://localhost:8080/x?y=1', true],
    ['url', 'ftp://x', false],
    ['url', 'localhost', false],
    ['service', 'web-1', true],
    ['service', '-web', false],
    ['service', 'a b', false],
    ['regex', '^a+$', true],
    ['regex', '(?=a)', false],
    ['path', '', false],
    ['backoff', '2s..30s', true],
    ['backoff', '30s..2s', false],
    ['cel', 'anything (', true],
  ])('%s %j', (format, text, holds) => {
    expect(formatFault(format, text) === undefined).toBe(holds);
  });

  test('one duration must count for both ends of a backoff', () => {
    expect(parseBackoff('5s')).toEqual({ from: 5_000, to: 5_000 });
  });
});
