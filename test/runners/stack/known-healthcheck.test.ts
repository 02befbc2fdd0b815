import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { knownHealthcheck } from '../../../runners/stack/known-healthcheck.ts';

test.each([
  ['postgres:16-alpine', ['CMD-SHELL', 'pg_isready -U "$${POSTGRES_USER:-postgres}"']],
  ['registry.example:5000/library/redis@sha256:abc', ['CMD', 'redis-cli', 'ping']],
  ['mongo', ['CMD', 'mongosh', '--quiet', '--eval', 'db.adminCommand("ping").ok']],
])('a well-known image must get the line that fits it: %s', (image, wanted) => {
  const line = knownHealthcheck(image) ?? '';
  expect(parse(line)).toEqual({ healthcheck: { test: wanted, interval: '5s', timeout: '3s', retries: 5 } });
  expect(line).not.toContain('\n');
});

test('an image that nobody knows must get none', () => {
  expect(knownHealthcheck('shop/postgres-backup:1')).toBeUndefined();
  expect(knownHealthcheck('')).toBeUndefined();
});

test('a well-known image that runs another program must get none', () => {
  expect(knownHealthcheck('nextcloud:30-apache', { entrypoint: ['/cron.sh'] })).toBeUndefined();
  expect(knownHealthcheck('nextcloud:30-apache', { command: ['apache2-foreground'], entrypoint: null })).toBeDefined();
});
