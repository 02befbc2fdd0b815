import { expect, test } from 'vitest';
import { sayImage } from '../../../runners/stack/image-words.ts';

const id = 'sha256:4e2a90c1';

test.each([
  [{}, '4e2a…'],
  [{ created: '2026-11-18T10:00:00Z', bytes: 43_000_000 }, '4e2a… of 2026-11-18, 41 MB'],
  [{ created: '0001-01-01T00:00:00Z', bytes: 2048 }, '4e2a…, 2 kB'],
  [{ created: '1970-01-01T00:00:00Z' }, '4e2a…'],
  [{ created: '\u001b[31msoon' }, '4e2a…'],
])('an image of which %j is known must read as %s', (known, text) => {
  expect(sayImage(id, known)).toBe(text);
});
