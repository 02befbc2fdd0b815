import { describe, expect, test } from 'vitest';
import { composeDown } from '../../runners/compose/down.ts';
import { up } from '../../runners/compose/up.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { putBack, sameStack } from '../support/engine-state.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const files = {
  'compose.yml': `
services:
  web:
    image: playbook-fixture/app:1
    restart: always
    stop_grace_period: 1s
    networks: { default: { aliases: [www] } }
    depends_on: [db]
  db:
    image: playbook-fixture/app:1
    environment: { ROLE: db }
    stop_grace_period: 1s
    volumes: ['data:/data', '/scratch']
volumes: { data: {} }
`,
};

async function withRunning(name: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack(name, files, async (stack) => {
    await stack.compose(['up', '-d']);
    await body(stack);
  });
}

describe('compose.down', () => {
  test('the stack must be stopped, dependents first, and undo must start the same containers again', async () => {
    await withRunning('down', async (stack) => {
      const before = await stack.state();
      const { project } = stack;
      const run = await bench(stack.folder, { project });
      expect((await run.plan(composeDown, {})).map(({ verb, target }) => [verb, target])).toEqual([
        ['remove', 'db'],
        ['remove', 'web'],
        ['remove', `network ${project}_default`],
        ['keep', `volume ${project}_data`],
      ]);
      expect(await run.run(composeDown, {})).toMatchObject({ stopped: [`${project}-web-1`, `${project}-db-1`] });
      const stopped = Object.values((await stack.state()).containers).map(({ status }) => status);
      expect(stopped).toEqual(['exited', 'exited']);
      await run.undo(composeDown);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });

  test('F57 once settled, containers and networks must be gone, and every volume must still be there', async () => {
    await withRunning('gone', async (stack) => {
      const { volumes } = await stack.state();
      expect(volumes).toHaveLength(2);
      const run = await bench(stack.folder, { project: stack.project });
      await run.run(composeDown, {});
      await run.settle(composeDown);
      expect(await run.settle(composeDown)).toEqual([]);
      const after = await stack.state();
      expect([after.containers, after.networks]).toEqual([{}, {}]);
      for (const volume of volumes) await docker(['volume', 'inspect', volume]);
      await docker(['volume', 'rm', ...volumes.filter((name) => /^[0-9a-f]{64}$/.test(name))]);

      const again = await bench(stack.folder, { project: stack.project });
      await again.run(composeDown, {});
      expect(again.receipts).toEqual([]);
    });
  });

  test('containers that somebody removed meanwhile must be made again by undo', async () => {
    await withRunning('pruned', async (stack) => {
      const before = await stack.state();
      const run = await bench(stack.folder, { project: stack.project });
      await run.run(composeDown, {});
      await docker(['rm', ...(await stack.ids('web')), ...(await stack.ids('db'))]);
      await run.undo(composeDown);
      expect(sameStack(await stack.state())).toEqual(sameStack(before));
    });
  });

  test('what a later step brought up again must not be removed when the run is settled', async () => {
    await withRunning('again', async (stack) => {
      const before = await stack.state();
      const run = await bench(stack.folder, { project: stack.project });
      await run.run(composeDown, {});
      const later = await bench(stack.folder, { project: stack.project });
      await later.run(up, { orphans: 'keep' });
      await run.settle(composeDown);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });
});
