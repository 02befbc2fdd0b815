import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureKey, hmac, readKey } from '../../src/history/install-key.ts';
import { refusalOf, tempDir } from './history-fixtures.ts';

test('asking for the key before there is one must write nothing, and give the same key each time', () => {
  const dir = join(tempDir(), 'none');
  expect(readKey(dir)).toEqual(readKey(dir));
  expect(readKey(dir)).toHaveLength(32);
  expect(existsSync(dir)).toBe(false);
  if (existsSync('/etc/machine-id')) {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    expect(Buffer.from(readKey(dir)).toString('hex')).not.toContain(id);
  }
});

test('the key must be random, made once, and for its owner only', () => {
  const [dir, other] = [tempDir(), tempDir()];
  const key = ensureKey(dir);
  expect(key).toHaveLength(32);
  expect([ensureKey(dir), readKey(dir)]).toEqual([key, key]);
  expect(ensureKey(other)).not.toEqual(key);
  expect(key).not.toEqual(readKey(join(dir, 'none')));
  expect(readdirSync(dir)).toEqual(['key']);
  expect(statSync(join(dir, 'key')).mode & 0o777).toBe(0o600);
});

test('a file that is no key must be refused, never used or replaced', () => {
  const dir = tempDir();
  writeFileSync(join(dir, 'key'), 'short');
  for (const get of [readKey, ensureKey]) {
    expect(refusalOf(() => get(dir)).message).toContain('is not a key of playbook: it has 5 bytes, not 32');
  }
  expect(readFileSync(join(dir, 'key'), 'utf8')).toBe('short');
});

test('where a key cannot be made a sentence must say so', () => {
  expect(refusalOf(() => ensureKey(join(tempDir(), 'none'))).reason).toBe('unavailable');
});

test('the hash must be keyed', () => {
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(hmac(a, 'x')).toMatch(/^[0-9a-f]{64}$/);
  expect(hmac(a, 'x')).toBe(hmac(a, new TextEncoder().encode('x')));
  expect(hmac(a, 'x')).not.toBe(hmac(b, 'x'));
});
