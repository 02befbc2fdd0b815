import { describe, expect, test } from 'vitest';
import { driver } from '../../../runners/clients/edge/caddy.ts';
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

const at: Partial<EdgePlace> = { driver: 'caddy', file: undefined };

test('F30 F36 behind Caddy a batch must be replaced, taken back and outlive a restart of the edge without an error answer', async () => {
  const body = async (stack: TestStack): Promise<void> => {
    const old = await stack.ids('web');
    await firstSync(stack);
    expect(await serving(stack, at)).toEqual(old);
    await nameLoad(stack, '2');
    const run = await sequence(stack);
    const load = await withLoad({ url: stack.url }, async () => {
      const fresh = await replaceAtEdge(run, old);
      expect(await serving(stack, at)).toEqual(fresh);
      expect(await answering(stack)).toBe('2');
      await run.undo();
      expect(await serving(stack, at)).toEqual(old);
      expect(await answering(stack)).toBe('1');
    });
    // Closing idle connections is what this proxy does at each switch, and says that it does.
    expect(Object.keys(load.failures).filter((kind) => !kind.endsWith('ECONNRESET'))).toEqual([]);
    const again = await replaceAtEdge(await sequence(stack), old);
    await docker(['restart', '-t', '1', `${stack.project}-edge-1`]);
    await until('it serves again', async () => (await answering(stack)) === '2');
    expect(await serving(stack, at)).toEqual(again);
  };
  await withEdgeStack('edgecaddy', body, { edge: 'caddy' });
});

describe.runIf(canHaveIslands)('a restart of the engine', () => {
  test('Caddy must serve the containers that it served before', async () => {
    await withPrivateEngine(async (engine) => {
      await engine.loadImages(['playbook-fixture/app:1', 'playbook-fixture/caddy']);
      const body = async (stack: TestStack): Promise<void> => {
        await stack.image('web:1', '1');
        await stack.compose(['up', '-d', '--wait', '--scale', 'web=2']);
        const [first = '', second = ''] = await stack.ids('web');
        const client = clientLook({ ...(process.env as Record<string, string>), ...stack.env });
        const edge = await driver.changer({ ...placeOf(stack), ...at }, client.context);
        const wishes = [{ container: second, state: 'ready' } as const, { container: first, state: 'out' } as const];
        await edge.put(wishes, 5000);
        await engine.end('TERM');
        await engine.start();
        const page = ['exec', `${stack.project}-edge-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'];
        await until('it serves again', async () => {
          return (await docker(page, { env: engine.env }).catch(() => '')).startsWith('web 1');
        });
        const servers = (await edge.servers()).filter(({ state, container }) => state === 'ready' && container);
        expect(servers.map(({ container }) => container)).toEqual([second]);
        client.close();
      };
      await withStack('edgecaddyengine', await stackFiles('caddy'), body, engine.env);
    });
  });
});
