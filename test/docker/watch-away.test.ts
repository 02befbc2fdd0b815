import { describe, expect, test } from 'vitest';
import { watchEvents } from '../../runners/watch/events.ts';
import { watchHealth } from '../../runners/watch/health.ts';
import { watchLogs } from '../../runners/watch/logs.ts';
import { watchUsage } from '../../runners/watch/usage.ts';
import type { AnyTrigger, Look } from '../../src/runner/contract.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { withFaultProxy } from '../support/fault-proxy.ts';
import { canHaveIslands, withPrivateEngine } from '../support/private-engine.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { type Watched, withTrigger } from '../support/watching.ts';

const speaker = `services:
  web:
    image: playbook-fixture/base
    command: [sh, -c, 'trap exit TERM; touch /say; tail -n +1 -f /say & wait']
    restart: always
    stop_grace_period: 0s
`;

async function lookAt(stack: TestStack, host?: string): Promise<Look> {
  return (await bench(stack.folder, { project: stack.project, ...(host && { env: { DOCKER_HOST: host } }) })).look;
}

const triggers: [AnyTrigger, Record<string, unknown>][] = [
  [watchHealth, { for: 0 }],
  [watchLogs, { pattern: 'ERROR', more_than: 0, within: 60_000 }],
  [watchEvents, { type: 'container', actions: ['die'], more_than: 0, within: 60_000 }],
  [watchUsage, { every: 200, of: 'limit' }],
];

/** All four at once; the body gets what watches, in this order. */
async function withAll(look: Look, body: (all: Watched[]) => Promise<void>, ready: Watched[] = []): Promise<void> {
  const next = triggers[ready.length];
  if (!next) return body(ready);
  await withTrigger(next[0], next[1], look, (watched) => withAll(look, body, [...ready, watched]));
}

const all = (what: string, watched: Watched[], fits: (bad: boolean | undefined) => boolean) =>
  Promise.all(watched.map((each) => each.next(what, ({ bad }) => fits(bad))));

async function openSockets(): Promise<number> {
  // A socket that is done with is closed in the next turns of the loop.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Pipe/.test(kind)).length;
}

describe('F26 an engine that does not answer', () => {
  test('must be no data, neither good nor bad, and the watch must go on when it is back', async () => {
    await withStack('away', { 'compose.yml': speaker }, async (stack) => {
      await stack.compose(['up', '-d', '--quiet-pull']);
      await withFaultProxy(
        () => undefined,
        async (proxy) => {
          await withAll(await lookAt(stack, proxy.host), async (watched) => {
            await all('good', watched, (bad) => bad === false);
            proxy.rule(() => ({ cut: true }));
            await all('no data', watched, (bad) => bad === undefined);
            proxy.rule(() => undefined);
            await all('good again', watched, (bad) => bad === false);
            proxy.rule(() => ({ status: 500, message: 'it has hiccups' }));
            const [none] = await all('no data again', watched, (bad) => bad === undefined);
            expect(none?.say).toBe('nothing could be measured: The Docker Engine says: it has hiccups.');
            proxy.rule(() => undefined);
            await all('good in the end', watched, (bad) => bad === false);
            for (const each of watched) expect(await each.end()).toBeLessThan(5_000);
          });
        },
      );
    });
  });

  test('that hangs must be no data within seconds, and the end of a watch must not wait for it', async () => {
    await withStack('away', { 'compose.yml': speaker }, async (stack) => {
      await stack.compose(['up', '-d', '--quiet-pull']);
      await withFaultProxy(
        () => undefined,
        async (proxy) => {
          const before = await openSockets();
          const look = await lookAt(stack, proxy.host);
          await withAll(look, async (watched) => {
            await all('good', watched, (bad) => bad === false);
            proxy.rule(() => ({ delayMs: 60_000 }));
            const hung = Date.now();
            const none = await all('no data', watched, (bad) => bad === undefined);
            expect(Math.max(...none.map(({ at }) => at)) - hung).toBeLessThan(8_000);
            for (const each of watched) expect(await each.end()).toBeLessThan(5_000);
          });
          expect(await openSockets()).toBeLessThanOrEqual(before + 2);
        },
      );
    });
  });

  test.runIf(canHaveIslands)('a restarted engine must be heard again: logs, events and health', async () => {
    await withPrivateEngine(async (engine) => {
      await engine.loadImages(['playbook-fixture/base']);
      const body = async (stack: TestStack) => {
        await stack.compose(['up', '-d', '--quiet-pull']);
        await withAll(await lookAt(stack, engine.env.DOCKER_HOST), async (watched) => {
          await all('good', watched, (bad) => bad === false);
          await engine.end('KILL');
          await all('no data', watched, (bad) => bad === undefined);
          await engine.start();
          const [health, logs, events] = watched;
          await health?.next('good again', ({ bad }) => bad === false);
          const [id = ''] = await stack.ids('web');
          await docker(['exec', id, 'sh', '-c', 'echo ERROR after >> /say'], { env: engine.env });
          const bad = await logs?.next('bad', (sample) => sample.bad === true);
          expect(bad?.lines).toEqual(['web: ERROR after']);
          await docker(['exec', '-d', id, 'sh', '-c', 'kill -9 $(pidof tail)'], { env: engine.env });
          await events?.next('it died', (sample) => sample.bad === true);
        });
      };
      await withStack('away', { 'compose.yml': speaker }, body, engine.env);
    });
  });
});
