import { describe, expect, test } from 'vitest';
import { type Choice, chooseRelease } from '../../src/cli/choose-release.ts';
import type { Release } from '../../src/runner/contract.ts';

const MINUTE = 60_000;

const release = (id: string, image_id: string, age: number): Release => ({
  id,
  project: 'shop',
  engine_id: 'E',
  created_at: 100 * MINUTE - age * MINUTE,
  ...(id !== 'found' && { commit: '3c9e1f2aaaa' }),
  compose_version: '2.26.1',
  profiles: [],
  services: { web: { image: 'shop/web:1', image_id, digests: [], keep_tag: 'k', config_hash: 'h', containers: 1 } },
  fingerprints: {},
  files: {},
});

const releases = [release('r12', 'C', 1), release('r11', 'B', 5), release('found', 'A', 9)];

const choice = (running: string, more: Partial<Choice> = {}): Choice => {
  const container = { image: 'shop/web:1', image_id: running, hash: 'h', running: true, exit: 0 };
  const web = { name: 'web', image: 'shop/web:1', wanted: 1, job: false, containers: [container] };
  return { project: 'shop', releases, services: [web], now: 100 * MINUTE, ...more };
};

describe('previous', () => {
  test('must be the newest release older than the one that runs', () => {
    expect(chooseRelease('previous', choice('C')).id).toBe('r11');
    expect(chooseRelease('previous', choice('B')).id).toBe('found');
  });

  test('must be the newest where what runs is none of them', () => {
    expect(chooseRelease('previous', choice('changed by hand')).id).toBe('r12');
    expect(chooseRelease('previous', choice('C', { services: [] })).id).toBe('r12');
  });

  test('of releases that are alike the one that was put in place last must count as the one that runs', () => {
    const restored = { at: 99.5 * MINUTE, run: 'k3f9', contents: {}, hashes: {} };
    const [newest, ...older] = [release('r12', 'B', 1), release('r11', 'B', 5), release('found', 'A', 9)];
    if (!newest || !older[0]) throw new Error('there are three');
    expect(chooseRelease('previous', choice('B', { releases: [newest, ...older] })).id).toBe('r11');
    const back = [newest, { ...older[0], restored }, ...older.slice(1)];
    expect(chooseRelease('previous', choice('B', { releases: back })).id).toBe('found');
  });
});

const list = 'There are r12 (1 min ago, 3c9e1f2), r11 (5 min ago, 3c9e1f2), found (9 min ago)';
const refusals: [string, string, Choice, string, string][] = [
  ['an unknown one', 'r13', choice('C'), 'There is no release r13 of shop; did you mean r12?', list],
  ['one that is like none', 'monday', choice('C'), 'There is no release monday of shop.', list],
  [
    'nothing older',
    'previous',
    choice('A'),
    'There is no older release of shop: what runs is found, the oldest one.',
    list,
  ],
  [
    'none at all',
    'previous',
    choice('A', { releases: [] }),
    'There is no release of shop to go back to.',
    'playbook run',
  ],
];

test.each(refusals)('F53 %s must be refused with what there is', (_what, wanted, given, message, hint) => {
  expect(() => chooseRelease(wanted, given)).toThrow(
    expect.objectContaining({ reason: 'no-go', message, hint: expect.stringContaining(hint) }),
  );
});

test('one that is named must be found', () => {
  expect(chooseRelease('r11', choice('C')).id).toBe('r11');
});
