import { expect, test } from 'vitest';
import { withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync, updateTo } from '../../support/edge-updates.ts';
import { withLoad } from '../../support/load.ts';

test('F36 switches from blue to green, at once and by weights, must lose no request', async () => {
  await withEdgeStack(
    'zerocolours',
    async (stack) => {
      await firstSync(stack);
      const result = await withLoad({ url: stack.url, rate: 200 }, async () => {
        for (const [version, inputs] of [
          ['2', []],
          ['1', ['weights=10,50,100']],
          ['2', []],
        ] as const) {
          const ended = await updateTo(stack, version, 'blue-green', inputs);
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
        }
      });
      expect(result.failures).toEqual({});
      expect(result.ok).toBe(result.sent);
      expect(Object.keys(result.versions).toSorted()).toEqual(['1', '2']);
    },
    { replicas: 2 },
  );
});
