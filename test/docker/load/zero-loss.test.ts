import { expect, test } from 'vitest';
import { withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync, updateTo } from '../../support/edge-updates.ts';
import { withLoad } from '../../support/load.ts';

test('F30 ten rolling updates in a row must lose none of the requests, GET or POST, of kept connections', async () => {
  await withEdgeStack('zero', async (stack) => {
    await firstSync(stack);
    const result = await withLoad({ url: stack.url, rate: 200 }, async () => {
      for (let update = 1; update <= 10; update += 1) {
        const ended = await updateTo(stack, update % 2 === 0 ? '1' : '2', 'rolling-update');
        expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      }
    });
    expect(result.failures).toEqual({});
    expect(result.ok).toBe(result.sent);
    expect(Object.keys(result.versions).toSorted()).toEqual(['1', '2']);
  });
});
