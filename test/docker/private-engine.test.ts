import { describe, expect, test } from 'vitest';
import { dockerLines } from '../support/docker.ts';
import { canHaveIslands, withPrivateEngine } from '../support/private-engine.ts';
import { withStack } from '../support/stack.ts';

const compose = 'services: { app: { image: $PROJECT/app:1, restart: always } }\n';

describe.runIf(canHaveIslands)('an engine of the test’s own', () => {
  test('must run stacks, be killed and come back, and leave the shared engine as it is', async () => {
    const shared = await dockerLines(['info', '--format', '{{.ID}}']);
    await withPrivateEngine(async (engine) => {
      await engine.loadImages(['playbook-fixture/app:1']);
      const body = async (stack: Parameters<Parameters<typeof withStack>[2]>[0]): Promise<void> => {
        await stack.image('app:1', '1');
        await stack.compose(['up', '-d', '--wait']);
        const [id = ''] = await stack.ids('app');
        expect(await dockerLines(['ps', '-q', '--no-trunc', '--filter', `id=${id}`])).toEqual([]);
        await engine.end('KILL');
        await engine.start();
        await stack.compose(['up', '-d', '--wait']);
        expect(await stack.ids('app')).toEqual([id]);
      };
      await withStack('private', { 'compose.yml': compose }, body, engine.env);
    });
    expect(await dockerLines(['info', '--format', '{{.ID}}'])).toEqual(shared);
  });
});
