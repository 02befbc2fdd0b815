import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { start } from '../../runners/replicas/start.ts';
import { stop } from '../../runners/replicas/stop.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { replacedServices, runningOf, type Sequence, sequence } from '../support/replicas.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const file = (name: string, more = '') => `
services:
  web:
    image: $PROJECT/web:1
    environment: { NAME: ${name} }
    stop_grace_period: 1s
    healthcheck: { test: ['CMD', 'true'], interval: 1s }
    deploy: { replicas: 2 }
    volumes: ['cache:/cache']
    networks: { default: { aliases: [www] }${more} }
volumes: { cache: {} }
${more === '' ? '' : 'networks: { second: {} }'}
`;

/** The first batch, from what the strategy says to what is stopped. */
async function batch(run: Sequence, order: string): Promise<void> {
  const [service] = await replacedServices(run);
  const old = (service?.replicas ?? []).slice(0, 1);
  await run.run(start, { service: 'web', replace: old, order });
  await run.run(stop, { service: 'web', containers: old });
}

type Cut = [string, string, (run: Sequence, stack: TestStack) => Promise<unknown>];

/** Cut right after the receipt of this number was written. */
const atReceipt =
  (number: number) =>
  async ({ one }: Sequence): Promise<void> => {
    one.onRecord = async () => {
      if (one.receipts.length === number) one.cancel();
    };
  };

/** A container may go between being listed and being looked at: then there is one more look. */
const statuses = (stack: TestStack): Promise<string[]> =>
  stack.state().then(
    ({ containers }) => Object.values(containers).map(({ status }) => status),
    () => [],
  );

const whenSeen =
  (seen: (found: string[]) => boolean) =>
  async ({ one }: Sequence, stack: TestStack): Promise<void> => {
    // Where it is never seen the batch is not cut, and comes back whole all the same.
    void until('it is seen', async () => seen(await statuses(stack))).then(
      () => one.cancel(),
      () => undefined,
    );
  };

const cuts: Cut[] = [
  ['start-first', 'before the first network is made', atReceipt(1)],
  ['start-first', 'when a container is made', whenSeen((found) => found.includes('created'))],
  ['start-first', 'before the old one stops', atReceipt(3)],
  ['stop-first', 'when the old one has stopped', whenSeen((found) => found.includes('exited'))],
];

describe('a batch that is cut', () => {
  test('F33 must be taken back to exactly what was there, wherever it is cut', async () => {
    await withStack('cut', { 'compose.yml': file('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.write('compose.yml', file('b', ', second: {}'));
      for (const [order, , cut] of cuts) {
        const run = await sequence(stack);
        await cut(run, stack);
        await batch(run, order).catch(() => undefined);
        const calm = await run.uncut();
        await calm.undo();
        expect(putBack(await stack.state())).toEqual(putBack(before));
      }
      expect(await runningOf(stack, 'web')).toHaveLength(2);
      const untouched = Object.values(before.containers).find(({ number }) => number === '2');
      const now = Object.values((await stack.state()).containers).find(({ number }) => number === '2');
      expect(now).toEqual(untouched);
    });
  });
});

test('F33 what a cut attempt has stopped already must stand for nothing when the stop is done again', async () => {
  await withStack('cutstop', { 'compose.yml': file('a') }, async (stack) => {
    await stack.image('web:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    await stack.write('compose.yml', file('b'));
    const run = await sequence(stack);
    const [service] = await replacedServices(run);
    const old = service?.replicas ?? [];
    await run.run(start, { service: 'web', replace: old, order: 'start-first' });
    await docker(['stop', '-t', '0', ...old]);
    expect(await run.run(stop, { service: 'web', containers: old })).toMatchObject({ stopped: [] });
    expect(await run.one.plan(up, {})).toMatchObject([{ verb: 'keep', target: 'web' }]);
  });
});
