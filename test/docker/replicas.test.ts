import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { start } from '../../runners/replicas/start.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { replaceBatch, replacedServices, runningOf, sequence } from '../support/replicas.ts';
import { withStack } from '../support/stack.ts';

const web = (name: string, more = '') => `
services:
  web:
    image: $PROJECT/web:1
    environment: { NAME: ${name} }
    stop_grace_period: 1s
    healthcheck: { test: ['CMD', 'true'], interval: 1s }
    deploy: { replicas: 3 }
    networks: { default: { aliases: [www] } }
${more}
`;

describe('replacing replicas in batches', () => {
  test('F27 F28 F29 three replicas in batches must end as Compose itself would want them, and a plain up must do nothing', async () => {
    await withStack('roll', { 'compose.yml': web('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      // Neither counts as a replica: one that has stopped, one that was made and never started.
      await docker(['stop', `${stack.project}-web-2`]);
      await stack.compose(['up', '-d', '--wait', '--scale', 'web=4', '--no-recreate']);
      await stack.compose(['create', '--scale', 'web=5', '--no-recreate']);
      await docker(['stop', `${stack.project}-web-2`]);
      await stack.write('compose.yml', web('b'));
      const run = await sequence(stack);
      const services = await replacedServices(run);
      expect(services).toMatchObject([{ name: 'web', order: 'start-first', edge: false, batch: ['1', '25%', '50%'] }]);
      const [service] = services;
      expect(service?.replicas.toSorted()).toEqual(await runningOf(stack, 'web'));
      const [first = '', ...others] = service?.replicas ?? [];

      const made = [
        ...(await replaceBatch(run, { service: 'web', old: [first], order: 'start-first' })),
        ...(await replaceBatch(run, { service: 'web', old: others, order: 'start-first' })),
      ];
      expect(await runningOf(stack, 'web')).toEqual(made.toSorted());
      // What stands still beside them is too many, and the last step sees to it.
      await run.run(up, { orphans: 'keep' });
      await run.settle();
      expect((await stack.ids('web')).toSorted()).toEqual(made.toSorted());
      const state = await stack.state();
      expect(Object.keys(state.containers).filter((name) => /^[0-9a-f]{12}_/.test(name))).toEqual([]);
      await stack.compose(['up', '-d']);
      expect(putBack(await stack.state())).toEqual(putBack(state));
    });
  });

  test('F33 an undo of the second batch, then of the first, must give exactly what was there', async () => {
    await withStack('rollback', { 'compose.yml': web('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.image('web:1', '2');
      await stack.write('compose.yml', web('b'));
      const run = await sequence(stack);
      const [service] = await replacedServices(run);
      const [first = '', second = '', third = ''] = service?.replicas ?? [];
      await replaceBatch(run, { service: 'web', old: [first], order: 'start-first' });
      await run.run(start, { service: 'web', replace: [second], order: 'start-first' });
      const untouched = (await stack.state()).containers[`${stack.project}-web-3`];
      await run.undo();
      const after = await stack.state();
      expect(putBack(after)).toEqual({ ...putBack(before), tags: after.tags });
      expect(after.containers[`${stack.project}-web-3`]).toEqual(untouched);
      expect(after.containers[`${stack.project}-web-3`]?.id).toBe(third);
      expect(after.containers[`${stack.project}-web-2`]?.started).toBe(
        before.containers[`${stack.project}-web-2`]?.started,
      );
      await run.undo();
      expect(putBack(await stack.state())).toEqual(putBack(after));
    });
  });

  test('F34 a start that fails, and one that is cut and runs again, must not double', async () => {
    await withStack('double', { 'compose.yml': web('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.write('compose.yml', web('b', "    entrypoint: ['/no/such/program']"));
      const broken = await sequence(stack);
      const [service] = await replacedServices(broken);
      const params = { service: 'web', replace: (service?.replicas ?? []).slice(0, 2), order: 'start-first' };
      await expect(broken.run(start, params)).rejects.toThrow(/could not be started/);
      expect(Object.keys(broken.one.evidence).join()).toContain('inspect.json');
      expect(putBack(await stack.state())).toEqual(putBack(before));

      await stack.write('compose.yml', web('b'));
      const run = await sequence(stack);
      const first = await run.run(start, params);
      await docker(['rm', '-f', (first['containers'] as string[])[0] ?? '']);
      const again = await run.run(start, params);
      expect(await runningOf(stack, 'web')).toHaveLength(5);
      expect(again['containers']).toContain((first['containers'] as string[])[1]);
      await run.undo();
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });

  test('the address of a new one must answer, by the first port it exposes', async () => {
    await withStack('address', { 'compose.yml': web('a', "    expose: ['8080']") }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      await stack.write('compose.yml', web('b', "    expose: ['8080']"));
      const run = await sequence(stack);
      const [service] = await replacedServices(run);
      const { addresses } = await run.run(start, {
        service: 'web',
        replace: (service?.replicas ?? []).slice(0, 1),
        order: 'start-first',
      });
      const [address] = addresses as string[];
      await expect.poll(() => fetch(`http://${address}/`).then((answer) => answer.text(), String)).toContain('b 1');
    });
  });
});
