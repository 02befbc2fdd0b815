import { expect, test } from 'vitest';
import type { Release } from '../../src/runner/contract.ts';
import { contentsInPlace, lastInPlace } from '../../src/runner/releases.ts';

const release = (id: string, created_at: number, more: Partial<Release> = {}): Release => ({
  id,
  project: 'shop',
  engine_id: 'E',
  created_at,
  compose_version: '2.26.1',
  profiles: [],
  services: {},
  fingerprints: { 'config page': id },
  files: {},
  ...more,
});

test('the release in place must be the newest, until a rollback puts an older one back', () => {
  const restored = { at: 30, run: 'k3f9', contents: {}, hashes: {} };
  expect(lastInPlace([])).toBeUndefined();
  expect(lastInPlace([release('r2', 20), release('r1', 10)])?.id).toBe('r2');
  expect(lastInPlace([release('r2', 20), release('r1', 10, { restored })])?.id).toBe('r1');
  expect(lastInPlace([release('r3', 40), release('r2', 20), release('r1', 10, { restored })])?.id).toBe('r3');
});

test('contents must be compared with those that the stack was put back with, not with those of the first time', () => {
  const restored = { at: 30, run: 'k3f9', contents: { 'file /motd': 'edited' }, hashes: {} };
  expect(contentsInPlace([])).toBeUndefined();
  expect(contentsInPlace([release('r2', 20), release('r1', 10, { restored })])).toEqual({
    'config page': 'r1',
    'file /motd': 'edited',
  });
});
