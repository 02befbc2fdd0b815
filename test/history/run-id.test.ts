import { expect, test } from 'vitest';
import { newRunId } from '../../src/history/run-id.ts';

test('an id must be short, typed without doubt, and never be a number', () => {
  for (let n = 0; n < 500; n += 1) expect(newRunId()).toMatch(/^[a-hjkmnp-z][0-9a-hjkmnp-z]{3}$/);
});

test('an id that is taken must not be given, and ids grow where all short ones are taken', () => {
  const asked: string[] = [];
  const isTaken = (id: string): boolean => {
    asked.push(id);
    return id.length < 6;
  };
  expect(newRunId(isTaken)).toHaveLength(6);
  expect(asked.filter((id) => id.length === 4)).toHaveLength(8);
});
