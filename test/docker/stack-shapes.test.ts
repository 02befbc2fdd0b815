import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const params = { orphans: 'keep' };

/** Deploys, settles, and lets a plain `up -d` look: it must find nothing to recreate. */
async function settledIds(stack: TestStack, services: readonly string[]): Promise<void> {
  const ids = await Promise.all(services.map((service) => stack.ids(service)));
  await stack.compose(['up', '-d']);
  expect(await Promise.all(services.map((service) => stack.ids(service)))).toEqual(ids);
}

const plain = (service: string, more: string) => `
services:
  ${service}:
    image: $PROJECT/app:1
    stop_grace_period: 1s
${more}
`;

const readMark = (stack: TestStack, id: string) => docker(['exec', id, 'cat', '/data/mark'], { cwd: stack.folder });

async function onlyRunning(stack: TestStack, service: string): Promise<string> {
  const running = (
    await docker([
      'ps',
      '-q',
      '--no-trunc',
      '--filter',
      `label=com.docker.compose.project=${stack.project}`,
      '--filter',
      `label=com.docker.compose.service=${service}`,
    ])
  ).split('\n');
  expect(running).toHaveLength(1);
  return running[0] ?? '';
}

describe('compose.up on services that Compose cannot make twice', () => {
  test('data in an unnamed volume must go along to the new container, and back', async () => {
    const file = (name: string) => plain('store', `    environment: { NAME: ${name} }\n    volumes: [/data]`);
    await withStack('anon', { 'compose.yml': file('a') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      const [old = ''] = await stack.ids('store');
      await docker(['exec', old, 'sh', '-c', 'echo precious > /data/mark']);
      await stack.write('compose.yml', file('b'));
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      expect(await readMark(stack, await onlyRunning(stack, 'store'))).toBe('precious');
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));
      expect(await readMark(stack, old)).toBe('precious');

      const two = await bench(stack.folder, { project: stack.project });
      await two.run(up, params);
      await two.settle(up);
      expect(await readMark(stack, await onlyRunning(stack, 'store'))).toBe('precious');
      await settledIds(stack, ['store']);
      expect((await stack.state()).volumes).toEqual(before.volumes);
    });
  });

  test('a service with container_name must be replaced under its name, and come back under it', async () => {
    const file = (name: string) =>
      plain(
        'front',
        `    container_name: $PROJECT-front\n    environment: { NAME: ${name} }\n    ports: ['$PORT:8080']\n    configs: [{ source: note, target: /note }]\nconfigs: { note: { content: 'a note' } }`,
      );
    await withStack('named', { 'compose.yml': file('a') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', file('b'));
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      const during = await stack.state();
      expect(during.containers[`${stack.project}-front`]).toMatchObject({ status: 'running', number: '1' });
      expect(during.containers[`${stack.project}-front`]?.networks).toEqual(
        before.containers[`${stack.project}-front`]?.networks,
      );
      expect(await docker(['exec', `${stack.project}-front`, 'cat', '/note'])).toBe('a note');
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));

      const two = await bench(stack.folder, { project: stack.project });
      await two.run(up, params);
      await two.settle(up);
      expect(Object.keys((await stack.state()).containers)).toEqual([`${stack.project}-front`]);
      await settledIds(stack, ['front']);
    });
  });

  test('F11 a service that shares the network of a replaced one must be replaced with it', async () => {
    const file = (name: string) => `
services:
  vpn: { image: $PROJECT/app:1, environment: { NAME: ${name} }, stop_grace_period: 1s }
  inside: { image: $PROJECT/app:1, environment: { ROLE: worker }, network_mode: 'service:vpn', stop_grace_period: 1s }
`;
    await withStack('share', { 'compose.yml': file('a') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      const idle = await bench(stack.folder, { project: stack.project });
      expect((await idle.plan(up, params)).map(({ verb }) => verb)).toEqual(['keep', 'keep']);
      await stack.write('compose.yml', file('b'));
      const one = await bench(stack.folder, { project: stack.project });
      const planned = await one.plan(up, params);
      expect(planned.map(({ verb, target }) => [verb, target])).toEqual([
        ['recreate', 'vpn'],
        ['recreate', 'inside'],
      ]);
      expect(planned[1]?.because).toEqual(['it shares the network of vpn, which is replaced']);
      await one.run(up, params);
      const mode = await docker([
        'inspect',
        '--format',
        '{{.HostConfig.NetworkMode}}',
        await onlyRunning(stack, 'inside'),
      ]);
      expect(mode).toBe(`container:${await onlyRunning(stack, 'vpn')}`);
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));

      const two = await bench(stack.folder, { project: stack.project });
      await two.run(up, params);
      await two.settle(up);
      await settledIds(stack, ['vpn', 'inside']);
    });
  });

  test('scale must follow the file: added ones go with an undo, surplus ones are kept until it is settled', async () => {
    const file = (count: number) => plain('web', `    deploy: { replicas: ${count} }`);
    await withStack('scale', { 'compose.yml': file(1) }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', file(3));
      const more = await bench(stack.folder, { project: stack.project });
      expect((await more.plan(up, params))[0]).toMatchObject({ verb: 'scale', because: ['3 are wanted, 1 is there'] });
      await more.run(up, params);
      expect(await stack.ids('web')).toHaveLength(3);
      await settledIds(stack, ['web']);
      await more.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));

      await more.run(up, params);
      await stack.write('compose.yml', file(1));
      const less = await bench(stack.folder, { project: stack.project });
      expect(await less.run(up, params)).toMatchObject({ removed: ['web'] });
      expect(await stack.ids('web')).toHaveLength(3);
      await less.settle(up);
      expect(await stack.ids('web')).toHaveLength(1);
      await settledIds(stack, ['web']);
    });
  });

  test('a service stopped by hand must be started, and be stopped again by an undo', async () => {
    await withStack('stopped', { 'compose.yml': plain('web', '') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      await stack.compose(['stop', 'web']);
      const before = await stack.state();
      const one = await bench(stack.folder, { project: stack.project });
      const [planned] = await one.plan(up, params);
      expect(planned).toMatchObject({ verb: 'start', target: 'web' });
      expect(planned?.because[0]).toMatch(/^it has stopped \(exit code \d+\)/);
      expect(await one.run(up, params)).toMatchObject({ started: ['web'], created: [], replaced: [] });
      await onlyRunning(stack, 'web');
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });
});
