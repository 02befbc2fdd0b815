import { describe, expect, test } from 'vitest';
import { watchUsage } from '../../runners/watch/usage.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { withTrigger } from '../support/watching.ts';

const lookOf = async (stack: TestStack) => (await bench(stack.folder, { project: stack.project })).look;

describe('watch.usage on a real engine', () => {
  test('must measure CPU and memory in percent of the limit, as `docker stats` does, without the page cache', async () => {
    const services = `services:
  busy:
    image: playbook-fixture/base
    command: [sh, -c, 'while :; do :; done']
    cpus: 0.1
    stop_grace_period: 0s
  full:
    image: playbook-fixture/base
    command: [sh, -c, 'head -c 20000000 /dev/zero > /cached; head -c 30000000 /dev/zero > /dev/shm/kept; sleep 600']
    shm_size: 64m
    mem_limit: 64m
    stop_grace_period: 0s
`;
    await withStack('usage', { 'compose.yml': services }, async (stack) => {
      await stack.compose(['up', '-d', '--quiet-pull']);
      const look = await lookOf(stack);
      await withTrigger(watchUsage, { every: 500, of: 'limit' }, look, async (watched) => {
        const sample = await watched.next('memory is filled', ({ values }) => Number(values?.['memory']) > 40);
        const [id = ''] = await stack.ids('full');
        const shown = await docker(['stats', '--no-stream', '--format', '{{.MemPerc}}', id]);
        expect(Math.abs(Number(sample.values?.['memory']) - Number.parseFloat(shown))).toBeLessThan(5);
        expect(sample.values).toMatchObject({ memory_of: 'full', cpu_of: 'busy' });
        const busy = await watched.next('cpu is at its limit', ({ values }) => Number(values?.['cpu']) > 70);
        expect(Number(busy.values?.['cpu'])).toBeLessThan(140);
        expect(busy.say).toMatch(/^cpu [\d.]+ % of the limit of busy, memory 4[\d.]+ % of the limit of full$/);
      });
      const host = await watchUsage.baseline?.({ every: 500, of: 'host' }, look);
      expect(host).toMatchObject({
        bad: false,
        say: expect.stringMatching(/^cpu [\d.]+ % of the host, most of it \w+, memory /),
      });
    });
  });

  test('must be bad above 95 % of the limit', async () => {
    const services = `services:
  full:
    image: playbook-fixture/base
    command: [sh, -c, 'while [ ! -e /go ]; do sleep 0.1; done; head -c 65000000 /dev/zero > /dev/shm/kept; sleep 600']
    shm_size: 80m
    mem_limit: 64m
    memswap_limit: 64m
    stop_grace_period: 0s
`;
    await withStack('usage', { 'compose.yml': services }, async (stack) => {
      await stack.compose(['up', '-d', '--quiet-pull']);
      await withTrigger(watchUsage, { every: 300, of: 'limit' }, await lookOf(stack), async (watched) => {
        await watched.sample('good', ({ bad }) => bad === false);
        const [id = ''] = await stack.ids('full');
        await docker(['exec', id, 'touch', '/go']);
        const bad = await watched.sample('bad', (sample) => sample.bad === true);
        expect(bad.say).toMatch(/memory 9[5-9](\.\d)? % of the limit of full$/);
      });
    });
  });
});
