import { expect, test } from 'vitest';
import { driver } from '../../../runners/clients/edge/haproxy.ts';
import { drain } from '../../../runners/edge/drain.ts';
import { join } from '../../../runners/edge/join.ts';
import { sync } from '../../../runners/edge/sync.ts';
import { start } from '../../../runners/replicas/start.ts';
import { stop } from '../../../runners/replicas/stop.ts';
import { docker } from '../../support/docker.ts';
import { answering, atEdge, nameLoad, placeOf, serving, withEdgeStack } from '../../support/edge-stack.ts';
import { withLoad } from '../../support/load.ts';
import { sequence } from '../../support/replicas.ts';
import type { TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const within = 5000;

test('F30 F35 F36 a batch must be replaced, and taken back, without a lost request', async () => {
  await withEdgeStack('edgeroll', async (stack) => {
    const old = await stack.ids('web');
    await (await sequence(stack)).run(sync, { within });
    expect(await serving(stack)).toEqual(old);
    await nameLoad(stack, '2');

    const run = await sequence(stack);
    const load = await withLoad({ url: stack.url, rate: 100 }, async () => {
      const fresh = await replaceBatch(run, stack, old);
      expect(await serving(stack)).toEqual(fresh);
      expect(await answering(stack)).toBe('2');
      expect(run.one.measured['drain:web']).toBeGreaterThanOrEqual(0);
      await run.undo();
      expect(await serving(stack)).toEqual(old);
      expect(await answering(stack)).toBe('1');
    });
    expect(load.failures).toEqual({});
    expect(load.failed).toBe(0);
    expect(Object.keys(load.versions)).toEqual(['1', '2']);
  });
});

/** New ones beside the old, in at the edge, the old out and stopped. */
async function replaceBatch(run: Awaited<ReturnType<typeof sequence>>, stack: TestStack, old: string[]) {
  const { containers } = await run.run(start, { service: 'web', replace: old, order: 'start-first' });
  const fresh = containers as string[];
  await run.run(join, { service: 'web', containers: fresh, weight: 100 });
  expect(await serving(stack)).toEqual([...old, ...fresh].toSorted());
  await run.run(drain, { service: 'web', containers: old, within });
  await run.run(stop, { service: 'web', containers: old });
  return fresh;
}

test('a request that does not end within the bound must be said, counted and let go of', async () => {
  const override = 'services: { web: { environment: { WORK_MS: 4000 } } }\n';
  await withEdgeStack(
    'edgeslow',
    async (stack) => {
      const old = await stack.ids('web');
      const run = await sequence(stack);
      await run.run(sync, { within });
      const slow = fetch(`${stack.url}/`).then((response) => response.status);
      await until('it is on its way', async () => (await atEdge(stack)).some(({ sessions }) => sessions === 1));
      const done = await run.run(drain, { service: 'web', containers: old, within: 200 });
      expect(done).toMatchObject({ requests: 1, left: 1 });
      expect(run.one.logged.join()).toContain('1 request had not ended');
      expect(await atEdge(stack)).toEqual([]);
      // Maintenance ends nothing that is under way.
      expect(await slow).toBe(200);
      // Twice is once: nothing is left to do, and nothing is recorded.
      const receipts = run.one.receipts.length;
      expect(await run.run(drain, { service: 'web', containers: old, within })).toMatchObject({ requests: 0 });
      expect(run.one.receipts.length).toBe(receipts);
    },
    { files: { 'compose.override.yml': override } },
  );
});

test('a container that the edge cannot check must not be let in, and nothing must be let go for it', async () => {
  await withEdgeStack('edgebad', async (stack) => {
    const old = await stack.ids('web');
    const run = await sequence(stack);
    await run.run(sync, { within });
    await stack.compose(['up', '-d', '--no-recreate', '--scale', 'web=2', '--wait']);
    const [fresh] = (await stack.ids('web')).filter((id) => !old.includes(id)) as [string];
    await docker(['pause', fresh]);
    const edge = await driver.changer(placeOf(stack), run.one.context);
    const wishes = [
      { container: fresh, state: 'ready' as const },
      { container: old[0] as string, state: 'out' as const },
    ];
    await expect(edge.put(wishes, 1000)).rejects.toThrow(/is paused|does not run|does not pass within 1 s/);
    expect(await serving(stack)).toEqual(old);
    await docker(['unpause', fresh]);
    await edge.put(wishes, within);
    expect(await serving(stack)).toEqual([fresh]);
  });
});
