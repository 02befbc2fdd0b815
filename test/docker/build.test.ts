import { describe, expect, test } from 'vitest';
import { composeBuild } from '../../runners/compose/build.ts';
import type { StepFailure } from '../../src/errors.ts';
import { bench } from '../support/action-context.ts';
import { docker, dockerLines } from '../support/docker.ts';
import { imageId } from '../support/images.ts';
import { withStack } from '../support/stack.ts';

const files = {
  'compose.yml': `
services:
  web:
    image: $PROJECT/web:1
    build: { context: ., args: { SIGN: 'a$$b' }, tags: ['$PROJECT/web:latest'] }
  api: { build: . }
  db: { image: 'playbook-fixture/app:1' }
`,
  Dockerfile: 'FROM playbook-fixture/base:latest\nARG SIGN\nLABEL playbook.test=$SIGN\nCOPY page /page\n',
  page: 'one',
};

const here = (image: string) => docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => undefined);

describe('compose.build', () => {
  test('a first build must name its images, a second one must change nothing', async () => {
    await withStack('build', files, async (stack) => {
      const { project, folder } = stack;
      const first = await bench(folder, { project });
      expect(await first.plan(composeBuild, {})).toEqual([
        { verb: 'build', target: `image ${project}-api`, because: ['it is not here yet'], certainty: 'certain' },
        { verb: 'build', target: `image ${project}/web:1`, because: ['it is not here yet'], certainty: 'certain' },
      ]);
      const built = [`${project}-api`, `${project}/web:1`, `${project}/web:latest`];
      expect(await first.run(composeBuild, {})).toMatchObject({ built });
      const id = await imageId(`${project}/web:1`);
      expect(await imageId(`${project}/web:latest`)).toBe(id);
      expect(await docker(['image', 'inspect', '--format', '{{index .Config.Labels "playbook.test"}}', id])).toBe(
        'a$b',
      );

      const second = await bench(folder, { project });
      expect((await second.plan(composeBuild, {})).map(({ certainty }) => certainty)).toEqual(['unknown', 'unknown']);
      expect(await second.run(composeBuild, {})).toMatchObject({ built: [] });
      expect(second.receipts).toEqual([]);
      expect(await imageId(`${project}/web:1`)).toBe(id);
      expect(await dockerLines(['images', '--format', '{{.Repository}}', `playbook/${project}/*`])).toEqual([]);

      await first.undo(composeBuild);
      expect((await stack.state()).tags).toEqual({});
    });
  });

  test('F54 changed files must move the name with a receipt, and undo must move it back to the kept image', async () => {
    await withStack('rebuild', files, async (stack) => {
      const { project, folder } = stack;
      await (await bench(folder, { project })).run(composeBuild, {});
      const former = await imageId(`${project}/web:1`);
      await stack.write('page', 'two');
      const run = await bench(folder, { project });
      await run.run(composeBuild, {});
      const now = await imageId(`${project}/web:1`);
      expect(now).not.toBe(former);
      expect(await imageId(`playbook/${project}/web:before-test`)).toBe(former);

      await run.undo(composeBuild);
      expect(await imageId(`${project}/web:1`)).toBe(former);
      expect(await imageId(`${project}/web:latest`)).toBe(former);
      expect(await here(now)).toBeUndefined();
      expect((await stack.state()).keepTags).toEqual({});
    });
  });

  test('a build that fails must show its last lines and leave every name where it was', async () => {
    await withStack('broken', files, async (stack) => {
      const { project, folder } = stack;
      await (await bench(folder, { project })).run(composeBuild, {});
      const before = await stack.state();
      await stack.write('Dockerfile', 'FROM playbook-fixture/base:latest\nCOPY missing /page\n');
      const run = await bench(folder, { project });
      const failure = (await run.run(composeBuild, {}).catch((error: unknown) => error)) as StepFailure;
      expect(failure).toMatchObject({ name: 'StepFailure', class: 'exit' });
      expect(failure.lines.join('\n')).toMatch(/COPY missing/);
      expect(run.receipts).toEqual([]);
      expect(await stack.state()).toEqual(before);
    });
  });

  test('nothing to build must call no builder', async () => {
    await withStack(
      'nothing',
      { 'compose.yml': 'services: { web: { image: playbook-fixture/app:1 } }' },
      async (stack) => {
        const run = await bench(stack.folder, { project: stack.project });
        expect(await run.plan(composeBuild, {})).toEqual([]);
        expect(await run.run(composeBuild, {})).toMatchObject({ built: [] });
      },
    );
  });
});
