import { describe, expect, test } from 'vitest';
import { start } from '../../runners/replicas/start.ts';
import { stop } from '../../runners/replicas/stop.ts';
import { strategy } from '../../runners/replicas/strategy.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { replacedServices, sequence } from '../support/replicas.ts';
import { withStack } from '../support/stack.ts';

const store = (name: string) => `
services:
  store:
    image: $PROJECT/store:1
    environment: { NAME: ${name} }
    stop_grace_period: 1s
    healthcheck: { test: ['CMD', 'true'], interval: 1s }
    volumes: ['data:/data']
volumes: { data: {} }
`;

/** A job that goes on for a while after it was told to stop, and then leaves a mark. */
const worker = (name: string, grace: string) => `
services:
  worker:
    image: playbook-fixture/base
    environment: { NAME: ${name} }
    stop_grace_period: ${grace}
    command: ['sh', '-c', 'trap "sleep 3; echo finished > /data/$$NAME; exit 0" TERM; while :; do sleep 0.1; done']
    volumes: ['data:/data']
volumes: { data: {} }
`;

describe('stop-first', () => {
  test('F32 two of a datastore must never run at once, whoever asks for it, and the gap is measured', async () => {
    await withStack('store', { 'compose.yml': store('a') }, async (stack) => {
      await stack.image('store:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.write('compose.yml', store('b'));
      const run = await sequence(stack);
      const [service] = await replacedServices(run);
      expect(service).toMatchObject({
        order: 'stop-first',
        because: 'it writes to the volume data, which two must not use at the same time',
      });
      const [old = ''] = service?.replicas ?? [];
      const wanted = { service: 'store', replace: [old] };
      await expect(run.one.plan(start, { ...wanted, order: 'start-first' })).rejects.toThrow('cannot start first');
      await expect(run.one.plan(strategy, { order: 'start-first', way: 'rolling' })).rejects.toThrow('start first');

      const planned = await run.one.plan(start, { ...wanted, order: 'stop-first' });
      expect(planned).toMatchObject([
        { verb: 'recreate', target: 'store', because: ['the environment differs'], kept: 'what runs now, stopped' },
      ]);
      expect(planned[0]?.downtime).toMatchObject({ kind: 'gap' });
      expect(await run.one.plan(stop, { service: 'store', containers: [old] }, planned)).toEqual([]);
      const { containers } = await run.run(start, { ...wanted, order: 'stop-first' });
      expect(run.one.measured['gap:store']).toBeGreaterThan(0);
      const [inspect] = JSON.parse(await docker(['inspect', old, ...(containers as string[])])) as never[];
      expect(inspect).toMatchObject({ State: { Running: false }, HostConfig: { RestartPolicy: { Name: 'no' } } });
      expect(await run.run(stop, { service: 'store', containers: [old] })).toMatchObject({ stopped: [] });
      expect((await run.one.plan(start, { ...wanted, order: 'stop-first' }))[0]?.downtime?.kind).toBe('none');
      await run.undo();
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });

  test('F31 a worker must be let finish within the grace period of the new file', async () => {
    await withStack('grace', { 'compose.yml': worker('old', '1s') }, async (stack) => {
      await stack.compose(['up', '-d', '--wait']);
      await stack.write('compose.yml', worker('new', '60s'));
      const run = await sequence(stack);
      const [service] = await replacedServices(run);
      await run.run(start, { service: 'worker', replace: service?.replicas ?? [], order: service?.order ?? '' });
      expect(await stack.compose(['exec', '-T', 'worker', 'cat', '/data/old'])).toBe('finished');
      await run.settle();
    });
  });
});
