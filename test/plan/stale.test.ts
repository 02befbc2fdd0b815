import { expect, it } from 'vitest';
import { sayStale } from '../../src/plan/stale.ts';

it.each([
  [['playbook'], 'the playbook is not what it was'],
  [
    ['rendered file', 'up: web, hash', 'up: web, image'],
    'the Compose file with its variables and web are not what they were',
  ],
  [
    ['pull: image shop/web:2, keep', 'up: web, recreate', 'record: release, record'],
    'image shop/web:2 and web are not what they were',
  ],
  [['record: release, record'], 'release is not what it was'],
  [
    Array.from({ length: 20 }, (_, n) => `up: s${n}, hash`),
    's0, s1, s2, s3, s4, s5, s6 and 13 more are not what they were',
  ],
])('of %j must be said "%s"', (changed, text) => {
  expect(sayStale(changed)).toBe(text);
});
