import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { watchEvents } from '../../runners/watch/events.ts';
import { watchHealth } from '../../runners/watch/health.ts';
import { watchRestarts } from '../../runners/watch/restarts.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { withTrigger } from '../support/watching.ts';

/** A service whose health is a file that the test makes and removes. */
const byFile = (name: string, more = '') => `  ${name}:
    image: playbook-fixture/base
    command: [sh, -c, 'trap exit TERM; touch /ok; while :; do sleep 0.1; done']
    stop_grace_period: 0s
    healthcheck: { test: [CMD-SHELL, 'test -e /ok || { echo "no file"; exit 1; }'], interval: 200ms, retries: 1 }
${more}`;

const sleeper = (name: string, more = '') =>
  `  ${name}:\n    image: playbook-fixture/base\n    command: [sleep, '600']\n    stop_grace_period: 0s\n${more}`;

async function withRunning(services: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  await withStack('watch', { 'compose.yml': `services:\n${services}` }, async (stack) => {
    await stack.compose(['up', '-d', '--quiet-pull', '--wait']).catch(() => undefined); // a job that ends is no success to it
    await body(stack);
  });
}

/** Not waited for: what it starts may end the container, and the command with it. */
async function inside(stack: TestStack, service: string, command: string): Promise<void> {
  const [id = ''] = await stack.ids(service);
  await docker(['exec', '-d', id, 'sh', '-c', command]);
}

const lookOf = async (stack: TestStack) => (await bench(stack.folder, { project: stack.project })).look;

describe('watch.health on a real engine', () => {
  test('F24 must notice a container that turns unhealthy after a good start, at once and for how long', async () => {
    await withRunning(byFile('web'), async (stack) => {
      await withTrigger(watchHealth, { for: 700 }, await lookOf(stack), async (watched) => {
        const good = await watched.sample('it is good', ({ bad }) => bad === false);
        expect(good.values).toEqual({ bad_for: 0, unhealthy: 0, missing: 0, services: [] });
        const since = String(Date.now() / 1000);
        await inside(stack, 'web', 'rm /ok');
        const first = await watched.sample('unhealthy', ({ values }) => values?.['unhealthy'] === 1);
        expect(first).toMatchObject({ bad: false, say: 'web is unhealthy for 0 s' });
        const bad = await watched.sample('bad', (sample) => sample.bad === true);
        expect(bad).toMatchObject({
          values: { unhealthy: 1, services: ['web'] },
          lines: [expect.stringMatching(/no file/)],
        });
        expect(bad.at - first.at).toBeGreaterThanOrEqual(700);
        expect(bad.at - first.at).toBeLessThan(1500);
        const told = await docker([
          'events',
          `--since=${since}`,
          `--until=${Date.now() / 1000}`,
          '--format={{.TimeNano}}',
          `--filter=label=com.docker.compose.project=${stack.project}`,
          '--filter=event=health_status: unhealthy',
        ]);
        // The goal is 50 ms; here other tests run beside.
        expect(first.at - Number(told.split('\n')[0]) / 1e6).toBeLessThan(5_000);
        await inside(stack, 'web', 'touch /ok');
        await watched.next('good again', (sample) => sample.values?.['unhealthy'] === 0);
        expect(await watched.end()).toBeLessThan(5_000);
      });
    });
  });

  test('must notice one that is gone, but neither a job nor one that is kept beside enough others', async () => {
    const services = `${sleeper('web', '    deploy: { replicas: 2 }\n')}  job: { image: playbook-fixture/base, command: ['true'], x-playbook: { job: true } }\n`;
    await withRunning(services, async (stack) => {
      await stack.compose(['up', '-d', '--scale', 'web=3', '--no-recreate']);
      const [first = '', ...others] = await stack.ids('web');
      await docker(['update', '--restart', 'no', first]);
      await docker(['stop', '-t', '0', first]);
      await withTrigger(watchHealth, { for: 300 }, await lookOf(stack), async (watched) => {
        await watched.sample('it is good', ({ bad }) => bad === false);
        await docker(['rm', '-f', others[0] ?? '']);
        const bad = await watched.sample('bad', (sample) => sample.bad === true);
        expect(bad).toMatchObject({
          say: expect.stringMatching(/^web has 1 of 2 containers running for \d/),
          values: { missing: 1, unhealthy: 0, services: ['web'] },
        });
        expect(watched.samples.some(({ say }) => say.includes('job'))).toBe(false);
      });
    });
  });

  test('must leave out what was bad before the run, by name, until it has been good once', async () => {
    await withRunning(`${byFile('web')}${byFile('old')}`, async (stack) => {
      const unhealthy = async (service: string) => {
        await inside(stack, service, 'rm /ok');
        const [id = ''] = await stack.ids(service);
        await until(
          'unhealthy',
          async () => (await docker(['inspect', '-f', '{{.State.Health.Status}}', id])) === 'unhealthy',
        );
      };
      await unhealthy('old');
      const look = await lookOf(stack);
      const baseline = await watchHealth.baseline?.({ for: 0 }, look);
      expect(baseline).toEqual({ bad: true, say: 'old is unhealthy', values: { aside: ['old'] } });
      const body = async (watched: Parameters<Parameters<typeof withTrigger>[3]>[0]) => {
        const first = await watched.sample('the first', () => true);
        expect(first).toMatchObject({
          bad: false,
          say: 'nothing is bad of 1 service; old must be good once before it counts',
        });
        await unhealthy('web');
        await watched.sample(
          'web is bad',
          ({ bad, values }) => bad === true && isDeepStrictEqual(values?.['services'], ['web']),
        );
        await inside(stack, 'web', 'touch /ok');
        await inside(stack, 'old', 'touch /ok');
        await watched.sample('both are good', ({ say }) => say === 'nothing is bad of 2 services');
        await inside(stack, 'old', 'rm /ok');
        await watched.sample('old counts', ({ values }) => isDeepStrictEqual(values?.['services'], ['old']));
      };
      await withTrigger(watchHealth, { for: 0 }, look, body, { ...(baseline && { baseline }) });
    });
  });

  test('F21 must object to a window in which the healthcheck cannot say that it is unhealthy', async () => {
    const slow = `  slow:\n    image: playbook-fixture/base\n    command: [sleep, '600']\n    healthcheck: { test: ['CMD', 'true'], interval: 20s, timeout: 10s, retries: 3 }\n`;
    await withStack('watch', { 'compose.yml': `services:\n${slow}${byFile('web')}` }, async (stack) => {
      const look = await lookOf(stack);
      expect(await watchHealth.objection?.({ for: 10_000 }, look, 60_000)).toBe(
        'the healthcheck of slow can take 1 min 30 s to say "unhealthy", and it must be so for 10 s: that does not fit into 1 min',
      );
      expect(await watchHealth.objection?.({ for: 10_000 }, look, 100_000)).toBeUndefined();
      expect(await watchHealth.objection?.({ for: 10_000, services: ['web'] }, look, 60_000)).toBeUndefined();
      expect(await watchHealth.objection?.({ for: 10_000, services: ['wbe'] }, look, 60_000)).toBe(
        'the stack has no service wbe; its services are slow and web',
      );
    });
  });
});

describe('watch.restarts on a real engine', () => {
  test('must count restarts from when it began to watch, and notice who runs out of memory', async () => {
    const services = `${sleeper('calm')}  web:
    image: playbook-fixture/base
    command: [sh, -c, 'while [ ! -e /die ]; do sleep 0.1; done; exit 3']
    restart: always
    stop_grace_period: 0s
  eater:
    image: playbook-fixture/base
    command: [sh, -c, 'while [ ! -e /eat ]; do sleep 0.1; done; tail /dev/zero']
    mem_limit: 16m
    memswap_limit: 16m
    stop_grace_period: 0s
`;
    await withRunning(services, async (stack) => {
      const look = await lookOf(stack);
      await withTrigger(watchRestarts, { more_than: 2 }, look, async (watched) => {
        await watched.sample('calm', ({ bad }) => bad === false);
        await inside(stack, 'web', 'touch /die');
        const bad = await watched.sample('a crash loop', (sample) => sample.bad === true);
        // It goes on crashing while it is looked at.
        const { restarts = 0, oom } = bad.values as { restarts?: number; oom?: number };
        expect(restarts).toBeGreaterThan(2);
        expect({ say: bad.say, oom }).toEqual({
          say: `${stack.project}-web-1 was restarted ${restarts} times`,
          oom: 0,
        });
      });
      await withTrigger(watchRestarts, { more_than: 100, services: ['eater'] }, look, async (watched) => {
        const first = await watched.sample('the first', () => true);
        expect(first.values).toEqual({ restarts: 0, oom: 0 });
        await inside(stack, 'eater', 'touch /eat');
        const bad = await watched.sample('out of memory', (sample) => sample.bad === true);
        expect(bad.say).toContain(`${stack.project}-eater-1 ran out of memory`);
        expect(bad.values?.['oom']).toBe(1);
      });
    });
  });
});

describe('watch.events on a real engine', () => {
  test('must count a container that dies by itself, and none that is told to stop', async () => {
    const dies = `  web:\n    image: playbook-fixture/base\n    command: [sh, -c, 'while [ ! -e /die ]; do sleep 0.1; done; exit 3']\n`;
    await withRunning(`${dies}${sleeper('other')}`, async (stack) => {
      await withTrigger(watchEvents, eventParams, await lookOf(stack), async (watched) => {
        await watched.sample('calm', ({ bad }) => bad === false);
        await stack.compose(['stop', 'other']);
        await inside(stack, 'web', 'touch /die');
        const bad = await watched.sample('it died', (sample) => sample.bad === true);
        expect(bad).toMatchObject({
          say: '1 event in 1 min',
          values: { count: 1 },
          lines: [`${stack.project}-web-1: die (exit code 3)`],
        });
      });
    });
  });
});

const eventParams = { type: 'container', actions: ['die', 'oom'], more_than: 0, within: 60_000 };
