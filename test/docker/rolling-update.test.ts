import { describe, expect, test } from 'vitest';
import { putBack } from '../support/engine-state.ts';
import { runningOf } from '../support/replicas.ts';
import type { PlaybookRun } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';

/** Of the second version only one container ever starts well: it takes the place that the others look for. */
const once = 'test $$NAME != second || mkdir /shared/taken || exit 3';

const shop = (name: string, first = 'true') => `
services:
  web:
    image: $PROJECT/app:1
    environment: { NAME: ${name} }
    entrypoint: [sh, -c, '${first}; exec /app/start']
    stop_grace_period: 1s
    healthcheck: { test: [CMD, 'true'], interval: 1s }
    depends_on: { db: { condition: service_healthy } }
    deploy: { replicas: 3 }
    volumes: ['shared:/shared']
  db:
    image: $PROJECT/app:1
    environment: { NAME: ${name} }
    stop_grace_period: 1s
    healthcheck: { test: [CMD, 'true'], interval: 1s }
    volumes: ['data:/data']
volumes: { data: {}, shared: {} }
`;

function update(stack: TestStack, command: readonly string[], inputs: readonly string[] = []): Promise<PlaybookRun> {
  const all = ['stable_for=0s', 'soak=0s', ...inputs].flatMap((input) => ['-i', input]);
  return stack.playbook([...command, ...all]);
}

const run = ['run', 'rolling-update.yml', '--yes'];

describe('rolling-update', () => {
  test('F27 F29 must replace batch by batch, so that a plain up finds nothing to do', async () => {
    await withStack('rolling', { 'compose.yml': shop('first') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.write('compose.yml', shop('second'));

      const planned = (await update(stack, ['plan', 'rolling-update.yml', '--json'], ['batch=2,50%'])).json() as {
        changes: { step: string; verb: string; target: string; downtime?: { kind: string } }[];
      };
      const changes = planned.changes.filter(({ verb }) => verb === 'recreate' || verb === 'stop');
      expect(changes.map(({ step, verb, target, downtime }) => [step, verb, target, downtime?.kind])).toEqual([
        ['start[1.1]', 'recreate', 'db', 'gap'],
        ['start[2.1]', 'recreate', 'web', 'none'],
        ['stop[2.1]', 'stop', 'web', 'none'],
        ['start[2.2]', 'recreate', 'web', 'none'],
        ['stop[2.2]', 'stop', 'web', 'none'],
      ]);

      const ended = await update(stack, run, ['batch=2,50%']);
      expect(ended.code, ended.stdout).toBe(0);
      const after = await stack.state();
      const old = Object.values(before.containers).map(({ id }) => id);
      expect(Object.values(after.containers).filter(({ id }) => old.includes(id))).toEqual([]);
      expect([await runningOf(stack, 'web'), await runningOf(stack, 'db')].map(({ length }) => length)).toEqual([3, 1]);
      expect(after.volumes).toEqual(before.volumes);
      await stack.compose(['up', '-d']);
      expect((await stack.state()).containers).toEqual(after.containers);

      const again = await update(stack, run);
      expect(again.code, again.stdout).toBe(0);
      expect((await stack.state()).containers).toEqual(after.containers);
    });
  });

  test('F33 what fails in the second batch must take back the first one too, and the service before', async () => {
    await withStack('rolling-back', { 'compose.yml': shop('first', once) }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d', '--wait']);
      const before = await stack.state();
      await stack.write('compose.yml', shop('second', once));
      const ended = await update(stack, run);
      expect(ended.code, ended.stdout).toBe(4);
      expect(ended.stdout).toMatch(/web 2 of 3.* code 3/);
      expect(putBack(await stack.state())).toEqual(putBack(before));
      const untouched = Object.values(before.containers).find((each) => each.service === 'web' && each.number === '3');
      const now = Object.values((await stack.state()).containers).find(({ id }) => id === untouched?.id);
      expect(now?.started).toBe(untouched?.started);
    });
  });
});
