import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { watchLogs } from '../../runners/watch/logs.ts';
import { bench } from '../support/action-context.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { withTrigger } from '../support/watching.ts';

/** A service that writes what is put into its file, `NAME.say` in the stack's folder. */
const speaker = (name: string, more = '') => `  ${name}:
    image: playbook-fixture/base
    command: [sh, -c, 'trap exit TERM; echo started; touch /say; tail -n +1 -f /say & wait']
    stop_grace_period: 0s
    volumes: ['./${name}.say:/say']
${more}`;

async function withRunning(services: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  const files = { 'compose.yml': `services:\n${services}`, 'web.say': '', 'late.say': '' };
  await withStack('watchlogs', files, async (stack) => {
    await stack.compose(['up', '-d', '--quiet-pull']);
    await body(stack);
  });
}

const lookOf = async (stack: TestStack) => (await bench(stack.folder, { project: stack.project })).look;

async function say(stack: TestStack, service: string, ...lines: string[]): Promise<void> {
  await appendFile(join(stack.folder, `${service}.say`), lines.map((line) => `${line}\n`).join(''));
}

const heard = (stack: TestStack, service: string, text: string) =>
  until(`${service} said ${text}`, async () =>
    (await stack.compose(['logs', '--no-log-prefix', service])).includes(text),
  );

const numbered = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${text} ${index + 1}`);

describe('watch.logs on a real engine', () => {
  test('must count matching lines of all containers, of those that come and those that start again too', async () => {
    const services = `${speaker('web')}${speaker('late', '    scale: 0\n')}`;
    await withRunning(services, async (stack) => {
      await say(stack, 'web', 'ERROR long ago');
      await heard(stack, 'web', 'long ago');
      const params = { pattern: 'ERROR|FATAL', more_than: 3, within: 60_000 };
      await withTrigger(watchLogs, params, await lookOf(stack), async (watched) => {
        expect(await watched.sample('the first', () => true)).toMatchObject({ bad: false, values: { count: 0 } });
        await say(stack, 'web', 'INFO all is well', 'ERROR 1');
        await watched.sample('one', ({ values }) => values?.['count'] === 1);
        await stack.compose(['up', '-d', '--scale', 'late=1', '--no-recreate']);
        await say(stack, 'late', 'FATAL 2');
        await watched.sample('two', ({ values }) => values?.['count'] === 2);
        await stack.compose(['restart', '-t', '0', 'web']);
        await say(stack, 'web', 'ERROR 4');
        // The file is read from its beginning again: the first lines come once more, and count once more.
        const bad = await watched.sample('bad', (sample) => sample.bad === true);
        expect(bad.lines?.slice(0, 2)).toEqual(['web: ERROR 1', 'late: FATAL 2']);
        expect(bad).toMatchObject({ values: { baseline: 0 } });
        expect(await watched.end()).toBeLessThan(5_000);
      });
    });
  });

  test('must be bad at once when there are too many, and good again when they are past', async () => {
    await withRunning(speaker('web'), async (stack) => {
      const params = { pattern: 'ERROR', more_than: 10, within: 2_000 };
      await withTrigger(watchLogs, params, await lookOf(stack), async (watched) => {
        await watched.sample('the first', () => true);
        await say(stack, 'web', ...numbered(11, 'ERROR'));
        const bad = await watched.sample('bad', (sample) => sample.bad === true);
        expect(bad).toMatchObject({ say: '11 matching lines in 2 s', lines: numbered(11, 'web: ERROR').slice(1) });
        await watched.sample(
          'good again',
          ({ at, bad: isBad, values }) => at > bad.at && !isBad && values?.['count'] === 0,
        );
      });
    });
  });

  test('must measure the rate of the old version, and be bad only far above it', async () => {
    await withRunning(speaker('web'), async (stack) => {
      await say(stack, 'web', ...numbered(4, 'ERROR before'));
      await heard(stack, 'web', 'ERROR before 4');
      const params = { pattern: 'ERROR', within: 60_000, over_baseline: '3x' };
      const look = await lookOf(stack);
      const baseline = await watchLogs.baseline?.(params, look);
      expect(baseline).toEqual({ bad: false, say: '4 matching lines in 1 min before', values: { per_window: 4 } });
      const body = async (watched: Parameters<Parameters<typeof withTrigger>[3]>[0]) => {
        await say(stack, 'web', ...numbered(12, 'ERROR'));
        const good = await watched.sample('twelve', ({ values }) => values?.['count'] === 12);
        expect(good).toMatchObject({
          bad: false,
          say: '12 matching lines in 1 min, before it was 4',
          values: { baseline: 4 },
        });
        await say(stack, 'web', 'ERROR 13');
        await watched.sample('bad', ({ bad, values }) => bad === true && values?.['count'] === 13);
      };
      await withTrigger(watchLogs, params, look, body, { ...(baseline && { baseline }) });
    });
  });

  test('F26 must have no data of a log that nobody can read', async () => {
    await withRunning(speaker('web', '    logging: { driver: none }\n'), async (stack) => {
      const look = await lookOf(stack);
      await withTrigger(watchLogs, { pattern: 'ERROR', within: 60_000 }, look, async (watched) => {
        const none = await watched.sample('no data', ({ bad }) => bad === undefined);
        expect(none.say).toMatch(/^nothing could be measured: .*configured logging driver does not support reading/);
        expect(none.values).toBeUndefined();
      });
      const baseline = await watchLogs.baseline?.({ pattern: 'ERROR', within: 60_000, over_baseline: '2x' }, look);
      expect(baseline).toEqual({ bad: false, say: 'the logs of before cannot be read' });
    });
  });

  test('a flood of lines must not hold back what else goes on', async () => {
    const flood = `  web:\n    image: playbook-fixture/base\n    command: [sh, -c, 'yes "ERROR $$(head -c 100 /dev/zero | tr "\\\\0" x)" | head -n 300000; sleep 600']\n    stop_grace_period: 0s\n`;
    await withStack('watchlogs', { 'compose.yml': `services:\n${flood}` }, async (stack) => {
      await withTrigger(watchLogs, { pattern: 'ERROR', within: 60_000 }, await lookOf(stack), async (watched) => {
        let longest = 0;
        let before = performance.now();
        const ticking = setInterval(() => {
          const now = performance.now();
          longest = Math.max(longest, now - before);
          before = now;
        }, 5);
        await stack.compose(['up', '-d', '--quiet-pull']);
        const full = await watched.sample('as many as are kept', ({ values }) => values?.['count'] === 100_000);
        clearInterval(ticking);
        expect(full).toMatchObject({ bad: true, say: '100000 matching lines in 1 min or more' });
        expect(longest).toBeLessThan(5_000);
      });
    });
  });
});
