import { expect, test } from 'vitest';
import { answering, serving, withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync, updateTo } from '../../support/edge-updates.ts';
import { putBack } from '../../support/engine-state.ts';
import { withLoad } from '../../support/load.ts';

test('F29 F30 an update that fails after its second batch must lose no request on the way there and back', async () => {
  await withEdgeStack(
    'zeroback',
    async (stack) => {
      await firstSync(stack);
      const [before, asked] = [await stack.state(), await serving(stack)];
      const result = await withLoad({ url: stack.url, rate: 200 }, async () => {
        // Nobody listens there: the last test of the update fails, when all of the old ones are stopped.
        const ended = await updateTo(stack, '2', 'rolling-update', ['batch=1', 'smoke_url=http://127.0.0.1:1/']);
        expect(ended.code, ended.stdout + ended.stderr).toBe(4);
        expect(await answering(stack)).toBe('1');
      });
      expect(result.failures).toEqual({});
      expect(result.ok).toBe(result.sent);
      expect(Object.keys(result.versions).toSorted()).toEqual(['1', '2']);
      // The name moved before the run, and is no business of it.
      expect(putBack(await stack.state()).containers).toEqual(putBack(before).containers);
      expect(await serving(stack)).toEqual(asked);
    },
    { replicas: 2 },
  );
});

test('F27 an update to an image that never starts must lose no request, and nobody must notice it', async () => {
  await withEdgeStack('zerobad', async (stack) => {
    await firstSync(stack);
    const result = await withLoad({ url: stack.url, rate: 200 }, async () => {
      await stack.write('compose.override.yml', "services: { web: { command: [sh, -c, 'exit 3'] } }\n");
      const ended = await updateTo(stack, '2', 'rolling-update');
      expect(ended.code, ended.stdout + ended.stderr).toBe(4);
    });
    expect(result.failures).toEqual({});
    expect(Object.keys(result.versions)).toEqual(['1']);
  });
});
