import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { desiredStack } from '../../runners/stack/desired.ts';
import { differences } from '../../runners/stack/differences.ts';
import type { DesiredStack } from '../../runners/stack/model.ts';
import { observedStack } from '../../runners/stack/observed.ts';
import { type Bench, bench, frozenBench } from '../support/action-context.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';

const params = { orphans: 'keep' };

/** What a plan would do with the user's files, with the frozen one, and reasons that the comparison would make up. */
async function found(stack: TestStack, options: { profiles?: string[] } = {}): Promise<unknown[]> {
  const own = await bench(stack.folder, { project: stack.project, ...options });
  const desired = await desiredStack(own.look);
  const { order, frozen } = desired;
  const again = await frozenBench(stack.folder, frozen, { project: stack.project, env: { GREETING: 'another' } });
  const plans = [await own.plan(up, params), await again.plan(up, params)];
  expect(plans.map((plan) => plan.map(({ target }) => target))).toEqual([order, order]);
  return [...plans.flat().filter(({ verb }) => verb !== 'keep'), ...(await falseReasons(own, desired))];
}

/** Reasons that the comparison would give although the hashes are equal: there must be none. */
async function falseReasons(own: Bench, desired: DesiredStack): Promise<string[]> {
  const observed = await observedStack(own.look, desired.project);
  return Object.values(desired.services).flatMap((service) =>
    (observed.services[service.name] ?? []).flatMap(({ inspect, image_id }) =>
      differences({ service, model: desired.model, inspect, image: observed.images[image_id] }).map(
        ({ because, diff }) => `${service.name}: ${because} ${JSON.stringify(diff)}`,
      ),
    ),
  );
}

describe('a stack started by hand with plain `up -d`', () => {
  test('F29 a build, a job, an env_file and dependency conditions must count as unchanged', async () => {
    await withStack('shop', await stackFiles('shop'), async (stack) => {
      for (const name of ['api', 'web', 'db']) await stack.image(`${name}:1`, '1');
      await stack.compose(['up', '-d', '--no-build']);
      expect(await found(stack)).toEqual([]);
    });
  });

  test('unnamed volumes, aliases, a container_name and a fixed port must count as unchanged', async () => {
    await withStack('hand', await stackFiles('by-hand'), async (stack) => {
      for (const name of ['front', 'store']) await stack.image(`${name}:1`, '1');
      await stack.compose(['up', '-d']);
      expect(await found(stack)).toEqual([]);
    });
  });

  test('several files, extends, include, anchors, a tmpfs and replicas must count as unchanged', async () => {
    await withStack('syntax', await stackFiles('syntax'), async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      expect(await found(stack)).toEqual([]);
    });
  });

  test('profiles with an optional dependency, inline and file configs, secrets and a shared network must count as unchanged', async () => {
    const file = `
services:
  web:
    image: $PROJECT/app:1
    environment: { MONEY: 'a$$b', EMPTY: }
    depends_on: { extra: { condition: service_started, required: false } }
    configs: [note, { source: inline, target: /inline }]
    secrets: [word, spoken]
    volumes: ['./note.txt:/bound:ro', '/unnamed']
    command: ['sh', '-c', 'exec /app/start $$IGNORED']
    ports: ['127.0.0.1:$PORT:8080']
    mem_limit: 64m
    labels: { l: '1' }
  extra: { image: $PROJECT/app:1, profiles: [more] }
  inside: { image: $PROJECT/app:1, environment: { ROLE: worker }, network_mode: 'service:web' }
  once: { image: $PROJECT/app:1, environment: { ROLE: worker }, entrypoint: ['true'], x-playbook: { job: true } }
configs: { note: { file: note.txt }, inline: { content: 'in line' } }
secrets: { word: { file: note.txt }, spoken: { environment: SPOKEN } }
`;
    await withStack('odd', { 'compose.yml': file, 'note.txt': 'a note' }, async (stack) => {
      process.env['SPOKEN'] = 'friend';
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d'], { env: { SPOKEN: 'friend' } });
      expect(await found(stack)).toEqual([]);
      await stack.compose(['--profile', 'more', 'up', '-d'], { env: { SPOKEN: 'friend' } });
      expect(await found(stack, { profiles: ['more'] })).toEqual([]);
    });
  });
});
