import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { imageId } from '../support/images.ts';
import { withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const params = { orphans: 'keep' };

const shop = (api: string, schema: string, mode = 'healthy') => `
services:
  api:
    image: $PROJECT/app:1
    environment: { NAME: ${api} }
    depends_on:
      migrate: { condition: service_completed_successfully }
      db: { condition: service_healthy }
  migrate:
    image: $PROJECT/app:1
    environment: { ROLE: job, DATABASE: 'db:8080', SCHEMA: '${schema}', MODE: ${mode} }
    depends_on: { db: { condition: service_healthy } }
  db:
    image: $PROJECT/app:1
    environment: { ROLE: db }
    volumes: ['data:/data']
volumes: { data: {} }
`;

describe('jobs', () => {
  test('F13 a job must run when it is new or changed, and only then', async () => {
    await withStack('job', { 'compose.yml': shop('a', '1') }, async (stack) => {
      await stack.image('app:1', '1');
      const first = await bench(stack.folder, { project: stack.project });
      expect(await first.run(up, params)).toMatchObject({ jobs: { migrate: 0 }, created: ['db', 'migrate', 'api'] });
      const [job = ''] = await stack.ids('migrate');
      const ran = (await stack.state()).containers[`${stack.project}-migrate-1`]?.started;

      const second = await bench(stack.folder, { project: stack.project });
      expect(await second.run(up, params)).toMatchObject({ changed: false });
      await stack.write('compose.yml', shop('b', '1'));
      const third = await bench(stack.folder, { project: stack.project });
      expect(await third.run(up, params)).toMatchObject({ replaced: ['api'], jobs: {} });
      await third.settle(up);
      expect(await stack.ids('migrate')).toEqual([job]);
      expect((await stack.state()).containers[`${stack.project}-migrate-1`]?.started).toBe(ran);

      await stack.write('compose.yml', shop('b', '2'));
      const fourth = await bench(stack.folder, { project: stack.project });
      expect((await fourth.plan(up, params)).filter(({ verb }) => verb !== 'keep')).toMatchObject([
        { verb: 'run', target: 'migrate', because: ['the environment differs'] },
      ]);
      expect(await fourth.run(up, params)).toMatchObject({ jobs: { migrate: 0 } });
    });
  });

  test('a job that fails must fail the step before its dependents stop, and its old container must come back unrun', async () => {
    await withStack('jobfails', { 'compose.yml': shop('a', '1') }, async (stack) => {
      await stack.image('app:1', '1');
      await (await bench(stack.folder, { project: stack.project })).run(up, params);
      const before = await stack.state();
      await stack.write('compose.yml', shop('b', '2', 'fails'));
      const one = await bench(stack.folder, { project: stack.project });
      await expect(one.run(up, params)).rejects.toMatchObject({
        message: 'The job migrate ended with exit code 1.',
        class: 'exit',
        lines: expect.arrayContaining([expect.stringContaining('column "price" already exists')]),
      });
      expect((await stack.state()).containers[`${stack.project}-api-1`]?.status).toBe('running');
      expect(one.evidence[`${stack.project}-migrate-2.log`]).toContain('column "price" already exists');
      await one.undo(up);
      expect(await stack.state()).toEqual(before);
    });
  });
});

describe('what happens meanwhile', () => {
  test('F06 F42 a name that was moved after the plan must not change what runs, and an undo must leave it where it was', async () => {
    await withStack('moved', { 'compose.yml': 'services: { web: { image: $PROJECT/app:1 } }' }, async (stack) => {
      await stack.image('app:1', '1');
      const planned = await imageId(`${stack.project}/app:1`);
      const one = await bench(stack.folder, { project: stack.project });
      one.onRecord = async () => {
        delete one.onRecord;
        await stack.image('app:1', '2');
      };
      await one.run(up, params);
      const during = await stack.state();
      expect(during.containers[`${stack.project}-web-1`]?.image).toBe(planned);
      expect(during.tags[`${stack.project}/app:1`]).toBe(planned);
      await one.undo(up);
      expect((await stack.state()).tags[`${stack.project}/app:1`]).toBe(await imageId('playbook-fixture/app:2'));
    });
  });

  test('a cancel in the middle of a job must end the step at once, and be taken back', async () => {
    await withStack('cancel', { 'compose.yml': shop('a', '1') }, async (stack) => {
      await stack.image('app:1', '1');
      await (await bench(stack.folder, { project: stack.project })).run(up, params);
      const before = await stack.state();
      await stack.write('compose.yml', shop('b', '2').replace('ROLE: job', 'ROLE: worker'));
      const one = await bench(stack.folder, { project: stack.project });
      const ended = one.run(up, params).then(
        () => 'done',
        (error: Error) => error.message,
      );
      await until(
        'the job runs',
        async () => (await stack.state()).containers[`${stack.project}-migrate-2`]?.status === 'running',
      );
      one.cancel();
      expect(await ended).toBe('cancelled');
      await (await bench(stack.folder, { project: stack.project, receipts: one.receipts })).undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });
});

describe('the first deploy', () => {
  test('undone it must leave nothing but named volumes, with a word about them', async () => {
    await withStack('first', { 'compose.yml': shop('a', '1') }, async (stack) => {
      await stack.image('app:1', '1');
      const one = await bench(stack.folder, { project: stack.project });
      expect((await one.plan(up, params)).map(({ verb, target }) => `${verb} ${target}`)).toEqual([
        `create network ${stack.project}_default`,
        `create volume ${stack.project}_data`,
        'create db',
        'run migrate',
        'create api',
      ]);
      await one.run(up, params);
      const said = await one.undo(up);
      expect(said.at(-1)).toContain(`volume ${stack.project}_data stays`);
      const left = await stack.state();
      expect([left.containers, left.networks, left.volumes]).toEqual([{}, {}, [`${stack.project}_data`]]);
    });
  });

  test('F03 an image that is not here must stop it before anything is made', async () => {
    await withStack('noimage', { 'compose.yml': shop('a', '1') }, async (stack) => {
      const one = await bench(stack.folder, { project: stack.project });
      await expect(one.run(up, params)).rejects.toMatchObject({ class: 'not-found' });
      expect(one.receipts).toEqual([]);
      expect((await stack.state()).containers).toEqual({});
    });
  });
});

describe('what is in the way', () => {
  const web = (port: string) => `services: { web: { image: $PROJECT/app:1, ports: ['${port}:8080'] } }`;

  test('F05 a port taken at the start must name who holds it, and the old one must come back', async () => {
    await withStack('port', { 'compose.yml': web('$PORT') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await withStack('holder', { 'compose.yml': web('$PORT') }, async (other) => {
        await other.image('app:1', '1');
        await other.compose(['up', '-d']);
        await stack.write('compose.yml', web(String(other.port)));
        const one = await bench(stack.folder, { project: stack.project });
        await expect(one.run(up, params)).rejects.toMatchObject({
          message: `web could not be started: port ${other.port} is taken, by the container ${other.project}-web-1.`,
          class: 'conflict',
        });
        await one.undo(up);
        expect(putBack(await stack.state())).toEqual(putBack(before));
      });
    });
  });

  test('F07 a container that a broken recreate left must be named and cleared', async () => {
    await withStack('left', { 'compose.yml': web('$PORT') }, async (stack) => {
      await stack.image('app:1', '1');
      await stack.compose(['up', '-d']);
      const [running = ''] = await stack.ids('web');
      await stack.compose(['create', '--no-recreate', '--scale', 'web=2', 'web']);
      const left = (await stack.ids('web')).find((id) => id !== running) ?? '';
      await docker(['rename', left, `0123456789ab_${stack.project}-web-1`]);
      const one = await bench(stack.folder, { project: stack.project });
      const [planned] = await one.plan(up, params);
      expect(planned?.because.join()).toContain(`0123456789ab_${stack.project}-web-1 is cleared away`);
      await one.run(up, params);
      expect(await stack.ids('web')).toEqual([running]);
    });
  });

  test('orphans must stay unless they are to be removed, and come back when that is undone', async () => {
    await withStack(
      'orphan',
      { 'compose.yml': `${web('$PORT').slice(0, -2)}, old: { image: $PROJECT/app:1, restart: always } }` },
      async (stack) => {
        await stack.image('app:1', '1');
        await stack.compose(['up', '-d']);
        const before = await stack.state();
        await stack.write('compose.yml', web('$PORT'));
        const keep = await bench(stack.folder, { project: stack.project });
        expect(await keep.run(up, params)).toMatchObject({ changed: false });
        const remove = await bench(stack.folder, { project: stack.project });
        expect(await remove.run(up, { orphans: 'remove' })).toMatchObject({ removed: [`${stack.project}-old-1`] });
        expect((await stack.state()).containers[`${stack.project}-old-1`]?.status).toBe('exited');
        await remove.undo(up);
        expect(putBack(await stack.state())).toEqual(putBack(before));
      },
    );
  });
});
