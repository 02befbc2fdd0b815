import { describe, expect, test } from 'vitest';
import { driver } from '../../../runners/clients/edge/nginx.ts';
import type { EdgePlace } from '../../../runners/clients/edge/types.ts';
import { clientLook } from '../../support/client-look.ts';
import { docker } from '../../support/docker.ts';
import { replaceAtEdge } from '../../support/edge-batch.ts';
import { answering, nameLoad, placeOf, serving, withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync } from '../../support/edge-updates.ts';
import { withLoad } from '../../support/load.ts';
import { canHaveIslands, withPrivateEngine } from '../../support/private-engine.ts';
import { sequence } from '../../support/replicas.ts';
import { type TestStack, withStack } from '../../support/stack.ts';
import { stackFiles } from '../../support/stack-files.ts';
import { until } from '../../support/until.ts';

const at = (stack: TestStack): Partial<EdgePlace> => ({
  driver: 'nginx',
  control: undefined,
  file: `${stack.folder}/edge/upstreams/web.conf`,
});

test('F30 F36 behind nginx a batch must be replaced, taken back and outlive a restart of the edge without an error answer', async () => {
  const body = async (stack: TestStack): Promise<void> => {
    const old = await stack.ids('web');
    await firstSync(stack);
    expect(await serving(stack, at(stack))).toEqual(old);
    await nameLoad(stack, '2');
    const run = await sequence(stack);
    const load = await withLoad({ url: stack.url }, async () => {
      const fresh = await replaceAtEdge(run, old);
      expect(await serving(stack, at(stack))).toEqual(fresh);
      expect(await answering(stack)).toBe('2');
      await run.undo();
      expect(await serving(stack, at(stack))).toEqual(old);
      expect(await answering(stack)).toBe('1');
    });
    // Closing idle connections is what this proxy does at each switch, and says that it does.
    expect(Object.keys(load.failures).filter((kind) => !kind.endsWith('ECONNRESET'))).toEqual([]);
    const again = await replaceAtEdge(await sequence(stack), old);
    await docker(['restart', '-t', '1', `${stack.project}-edge-1`]);
    await until('it serves again', async () => (await answering(stack)) === '2');
    expect(await serving(stack, at(stack))).toEqual(again);
  };
  await withEdgeStack('edgenginx', body, { edge: 'nginx' });
});

describe.runIf(canHaveIslands)('a restart of the engine', () => {
  test('nginx must serve the containers that it served before', async () => {
    await withPrivateEngine(async (engine) => {
      await engine.loadImages(['playbook-fixture/app:1', 'playbook-fixture/nginx']);
      const body = async (stack: TestStack): Promise<void> => {
        await stack.image('web:1', '1');
        await stack.compose(['up', '-d', '--wait', '--scale', 'web=2']);
        const [first = '', second = ''] = await stack.ids('web');
        const client = clientLook({ ...(process.env as Record<string, string>), ...stack.env });
        const edge = await driver.changer({ ...placeOf(stack), ...at(stack) }, client.context);
        const wishes = [{ container: second, state: 'ready' } as const, { container: first, state: 'out' } as const];
        await edge.put(wishes, 5000);
        await engine.end('TERM');
        await engine.start();
        const page = ['exec', `${stack.project}-edge-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'];
        await until('it serves again', async () => {
          return (await docker(page, { env: engine.env }).catch(() => '')).startsWith('web 1');
        });
        // Its address may be another one now; then it counts as served only when nginx was told.
        await edge.put([{ container: second, state: 'ready' }], 20_000);
        const servers = (await edge.servers()).filter(({ state, container }) => state === 'ready' && container);
        expect(servers.map(({ container }) => container)).toEqual([second]);
        client.close();
      };
      await withStack('edgenginxengine', await stackFiles('nginx'), body, engine.env);
    });
  });
});
