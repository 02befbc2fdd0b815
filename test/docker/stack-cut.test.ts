import { expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { type Bench, bench } from '../support/action-context.ts';
import { putBack } from '../support/engine-state.ts';
import { type Rule, withFaultProxy } from '../support/fault-proxy.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const params = { orphans: 'keep' };

/** A pair that needs each other, and a named one with an unnamed volume: every way of replacing at once. */
const stackFile = (name: string) => `
services:
  web:
    image: $PROJECT/app:1
    environment: { NAME: ${name} }
    ports: ['$PORT:8080']
    restart: always
    stop_grace_period: 1s
    depends_on: [db]
  db:
    image: $PROJECT/app:1
    environment: { ROLE: db, NAME: ${name} }
    volumes: ['data:/data']
    stop_grace_period: 1s
  front:
    image: $PROJECT/app:1
    container_name: $PROJECT-front
    environment: { NAME: ${name} }
    volumes: [/data]
    stop_grace_period: 1s
volumes: { data: {} }
`;

/** Lets so many changes through, then none: as if the process had died there. */
function cutAfter(changes: number): { rule: Rule; cut: () => boolean } {
  let count = 0;
  const rule: Rule = ({ method }) => {
    if (method === 'GET' || method === 'HEAD') return undefined;
    count += 1;
    return count > changes ? { status: 503, message: 'cut here' } : undefined;
  };
  return { rule, cut: () => count > changes };
}

async function started(stack: TestStack): Promise<void> {
  await stack.image('app:1', '1');
  await stack.compose(['up', '-d']);
  await stack.write('compose.yml', stackFile('b'));
}

function through(stack: TestStack, host: string, receipts: Bench['receipts'] = []): Promise<Bench> {
  return bench(stack.folder, { project: stack.project, env: { DOCKER_HOST: host }, receipts });
}

test('a run cut after any change must be taken back completely', async () => {
  await withStack('cut', { 'compose.yml': stackFile('a') }, async (stack) => {
    await started(stack);
    const before = await stack.state();
    for (let changes = 0; ; changes += 1) {
      const { rule, cut } = cutAfter(changes);
      let receipts: Bench['receipts'] = [];
      await withFaultProxy(rule, async ({ host }) => {
        const one = await through(stack, host);
        await one.run(up, params).catch((error: unknown) => {
          if (!cut()) throw error;
        });
        receipts = one.receipts;
      });
      await (await bench(stack.folder, { project: stack.project, receipts })).undo(up);
      expect(putBack(await stack.state()), `cut after ${changes} changes`).toEqual(putBack(before));
      if (!cut()) break;
      expect(changes).toBeLessThan(60);
    }
  });
});

test('an undo cut in the middle must be finished by the next one', async () => {
  await withStack('cutundo', { 'compose.yml': stackFile('a') }, async (stack) => {
    await started(stack);
    const before = await stack.state();
    for (let changes = 0; ; changes += 2) {
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      const { rule, cut } = cutAfter(changes);
      await withFaultProxy(rule, async ({ host }) => {
        const half = await through(stack, host, one.receipts);
        await half.undo(up).catch((error: unknown) => {
          if (!cut()) throw error;
        });
      });
      await one.undo(up);
      expect(putBack(await stack.state()), `cut after ${changes} changes`).toEqual(putBack(before));
      if (!cut()) break;
      expect(changes).toBeLessThan(60);
    }
  });
});

test('a run taken up again after a cut must end as one that was never cut, and settle or be taken back', async () => {
  await withStack('again', { 'compose.yml': stackFile('a') }, async (stack) => {
    await started(stack);
    const before = await stack.state();
    for (const changes of [3, 8, 13, 18]) {
      const again = await takenUpAgain(stack, changes);
      const running = Object.values((await stack.state()).containers).filter(({ status }) => status === 'running');
      expect(
        running.map(({ env }) => env.includes('NAME=b')),
        `cut after ${changes}`,
      ).toEqual([true, true, true]);
      await again.undo(up);
      expect(putBack(await stack.state()), `cut after ${changes}`).toEqual(putBack(before));
    }
    await (await takenUpAgain(stack, 10)).settle(up);
    const settled = await stack.state();
    expect(Object.keys(settled.containers)).toHaveLength(3);
    await stack.compose(['up', '-d']);
    expect(await stack.state()).toEqual(settled);
  });
});

/** Cuts a run, and lets another go on with its receipts. */
async function takenUpAgain(stack: TestStack, changes: number): Promise<Bench> {
  let receipts: Bench['receipts'] = [];
  await withFaultProxy(cutAfter(changes).rule, async ({ host }) => {
    const half = await through(stack, host);
    await half.run(up, params).catch(() => undefined);
    receipts = half.receipts;
  });
  const again = await bench(stack.folder, { project: stack.project, receipts });
  await again.run(up, params);
  return again;
}
