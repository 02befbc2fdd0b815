import { expect, test } from 'vitest';
import { withStack } from '../support/stack.ts';
import { followedIn, walkThrough } from '../support/walk-through.ts';

test('the tutorial must work as it is written, from an empty folder to the rollback', async () => {
  await withStack('tutorial', {}, async (stack) => {
    const typed = await walkThrough('docs/tutorial.md', followedIn(stack), [
      [/\bhello(?=\b|_)/g, stack.project],
      [/\b8088\b/g, String(stack.port)],
      [/busybox:1\.36/g, 'playbook-fixture/base'],
    ]);
    expect(typed.length).toBeGreaterThan(15);
    expect(typed.filter(({ code, expected, missing }) => code !== expected || missing.length > 0)).toEqual([]);
  });
});
