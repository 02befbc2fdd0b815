import { expect, test } from 'vitest';
import { answering, serving, withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync, updateTo } from '../../support/edge-updates.ts';
import { type EngineState, putBack } from '../../support/engine-state.ts';
import { withLoad } from '../../support/load.ts';
import { rollback, runningReleases } from '../../support/rollback.ts';

const running = (state: EngineState) => Object.values(putBack(state).containers).map(({ image, env }) => [image, env]);

test('F30 F42 updates of each kind, and rollbacks to the release before and to an older one, must lose no request', async () => {
  await withEdgeStack(
    'zeroreleased',
    async (stack) => {
      await firstSync(stack);
      const result = await withLoad({ url: stack.url, rate: 200 }, async () => {
        const states: ReturnType<typeof running>[] = [];
        for (const [version, playbook] of [
          ['2', 'rolling-update'],
          ['1', 'blue-green'],
          ['2', 'rolling-update'],
        ] as const) {
          const ended = await updateTo(stack, version, playbook);
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
          expect(await answering(stack)).toBe(version);
          states.push(running(await stack.state()));
        }
        const back = await rollback(stack);
        expect(back.code, back.stdout + back.stderr).toBe(0);
        expect([await answering(stack), running(await stack.state())]).toEqual(['1', states[1]]);
        const first = await rollback(stack, ['r1']);
        expect(first.code, first.stdout + first.stderr).toBe(0);
        expect([await answering(stack), running(await stack.state())]).toEqual(['2', states[0]]);
        expect(await runningReleases(stack)).toEqual(['r1']);
      });
      expect(result.failures).toEqual({});
      expect(result.ok).toBe(result.sent);
      expect(Object.keys(result.versions).toSorted()).toEqual(['1', '2']);
      // The edge serves what runs, and nothing else.
      expect(await serving(stack)).toEqual((await stack.ids('web')).toSorted());
    },
    { replicas: 2 },
  );
}, 400_000);
