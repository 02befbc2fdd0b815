import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { switchOver } from '../../../runners/edge/switch.ts';
import { sync } from '../../../runners/edge/sync.ts';
import { start } from '../../../runners/replicas/start.ts';
import { compareStack } from '../../../runners/stack/compare.ts';
import { docker } from '../../support/docker.ts';
import { answering, atEdge, nameLoad, serving, snapshotOf, withEdgeStack } from '../../support/edge-stack.ts';
import { withLoad } from '../../support/load.ts';
import { type Sequence, sequence } from '../../support/replicas.ts';
import type { TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const within = 5000;

test('F35 F36 F37 a switch by weights, at once, and back must lose nothing, touch no other backend, and be as it was', async () => {
  await withEdgeStack('edgeswitch', async (stack) => {
    await withSecondBackend(stack);
    const blue = await stack.ids('web');
    await (await sequence(stack)).run(sync, { within });
    const other = await rowsOf('other', stack);
    const green = await startGreen(stack, blue);
    const before = await snapshotOf(stack);
    expect(before.edges).toEqual({ web: [{ name: `${stack.project}-web-1`, weight: 100 }] });

    const run = await sequence(stack);
    const load = await withLoad({ url: stack.url, rate: 100 }, async () => {
      await run.run(switchOver, { service: 'web', from: blue, percent: 10, within });
      const weights = Object.fromEntries((await atEdge(stack)).map(({ container, weight }) => [container, weight]));
      expect(weights).toEqual({ [blue[0] ?? '']: 100, [green[0] ?? '']: 11 });
      const done = await run.run(switchOver, { service: 'web', from: blue, percent: 100, within });
      expect(done).toMatchObject({ to: green, left: 0 });
      expect(await serving(stack)).toEqual(green);
      expect(await Promise.all([1, 2, 3].map(() => answering(stack)))).toEqual(['2', '2', '2']);
      expect((await compareStack(before, run.one.look)).differences).toEqual([
        `at the edge of web ${stack.project}-web-1 gets no requests and did`,
        `at the edge of web ${stack.project}-web-2 gets requests and did not`,
      ]);
      await run.undo();
      expect((await compareStack(before, run.one.look)).differences).toEqual([]);
      expect(await serving(stack)).toEqual(blue);
    });
    expect(load.failures).toEqual({});
    expect(load.failed).toBe(0);
    expect(await rowsOf('other', stack)).toEqual(other);
  });
});

test('the edge restarted, then every container with another address, must serve what it was switched to; sync mends the rest', async () => {
  await withEdgeStack('edgerestart', async (stack) => {
    const blue = await stack.ids('web');
    await (await sequence(stack)).run(sync, { within });
    const green = await startGreen(stack, blue);
    const run = await sequence(stack);
    await run.run(switchOver, { service: 'web', from: blue, percent: 100, within });
    await run.settle();
    await stack.compose(['restart', '-t', '1', 'edge']);
    await until('the new colour answers', async () => (await answering(stack)) === '2');
    expect(await serving(stack)).toEqual(green);

    // As after a restart of the engine: whoever starts first gets the first address.
    const addresses = await addressesOf(stack);
    await stack.compose(['stop', '-t', '1']);
    await docker(['start', ...green]);
    await docker(['start', ...blue]);
    await stack.compose(['start', 'edge']);
    expect(await addressesOf(stack)).not.toEqual(addresses);
    await until('the new colour answers', async () => (await answering(stack)) === '2');
    expect(await serving(stack)).toEqual(green);

    // Someone removes it by hand: what is there and healthy serves.
    await docker(['rm', '-f', ...green]);
    const mended = await run.run(sync, { within });
    expect(mended['joined']).toEqual([`${stack.project}-web-1`]);
    expect(await serving(stack)).toEqual(blue);
    expect(await run.one.plan(sync, { within })).toEqual([]);
    // A way back whose containers are gone says so and goes on.
    await run.undo();
    expect(await serving(stack)).toEqual(blue);
  });
});

/** Beside the first; told apart by what it answers. */
async function startGreen(stack: TestStack, blue: string[]): Promise<string[]> {
  await nameLoad(stack, '2');
  const run: Sequence = await sequence(stack);
  const { containers } = await run.run(start, { service: 'web', replace: blue, order: 'start-first' });
  return containers as string[];
}

async function addressesOf(stack: TestStack): Promise<string[]> {
  const ids = await stack.ids('web');
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await docker(['inspect', '--format', format, ...ids])).split('\n');
}

/** Another stack's backend in the same proxy, with a server that the project knows nothing of. */
async function withSecondBackend(stack: TestStack): Promise<void> {
  const config = `${stack.folder}/edge/haproxy.cfg`;
  const more =
    '\nbackend other\n  server a 127.0.0.1:1 weight 7\n  server-template b 1-2 slot.invalid:80 disabled init-addr none\n';
  await stack.write('edge/haproxy.cfg', (await readFile(config, 'utf8')) + more);
  await stack.compose(['restart', '-t', '1', 'edge']);
}

async function rowsOf(backend: string, stack: TestStack): Promise<string[]> {
  const { socketOf } = await import('../../../runners/clients/edge/haproxy-socket.ts');
  const ask = socketOf(`${stack.folder}/edge/run/admin.sock`, AbortSignal.timeout(5000));
  const lines = (await ask('show servers state')).split('\n').filter((line) => line.split(' ')[1] === backend);
  // All but the seconds since the last change.
  return lines.map((line) => line.split(' ').toSpliced(9, 1).join(' '));
}
