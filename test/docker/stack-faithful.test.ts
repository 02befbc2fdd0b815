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

/** Plans with the user's files and with the frozen one: both must find that nothing has to be done. */
async function expectNothingToDo(stack: TestStack, options: { profiles?: string[] } = {}): Promise<void> {
  const own = await bench(stack.folder, { project: stack.project, ...options });
  const planned = await own.plan(up, params);
  expect(planned.filter(({ verb }) => verb !== 'keep')).toEqual([]);
  expect(planned.length).toBeGreaterThan(0);
  const desired = await desiredStack(own.look);
  expect(await falseReasons(own, desired)).toEqual([]);
  const again = await frozenBench(stack.folder, desired.frozen, {
    project: stack.project,
    env: { GREETING: 'another' },
  });
  expect((await again.plan(up, params)).map(({ verb, target, binds }) => [verb, target, binds])).toEqual(
    planned.map(({ verb, target, binds }) => [verb, target, binds]),
  );
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
      await expectNothingToDo(stack);
    });
  });

  test('unnamed volumes, aliases, a container_name and a fixed port must count as unchanged', async () => {
    await withStack('hand', await stackFiles('by-hand'), async (stack) => {
      for (const name of ['front', 'store']) await stack.image(`${name}:1`, '1');
      await stack.compose(['up', '-d']);
      await expectNothingToDo(stack);
    });
  });

  test('several files, extends, include, anchors, a tmpfs and replicas must count as unchanged', async () => {
    await withStack('syntax', await stackFiles('syntax'), async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      await expectNothingToDo(stack);
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
      await expectNothingToDo(stack);
      await stack.compose(['--profile', 'more', 'up', '-d'], { env: { SPOKEN: 'friend' } });
      await expectNothingToDo(stack, { profiles: ['more'] });
    });
  });
});
