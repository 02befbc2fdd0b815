import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from '../support/docker.ts';
import { root } from '../support/images.ts';
import { canHaveIslands, type Island, withIsland } from '../support/private-engine.ts';

const script = join(root, 'scripts/ensure-engine.sh');

test('a reachable engine must be used as it is, and nothing installed', async () => {
  const ended = await program(script, []);
  expect(ended).toMatchObject({ code: 0, stdout: '' });
  expect(ended.stderr).toMatch(/^engine: Docker Engine \d\S+, Compose \d\S+\n$/);
});

test('a DOCKER_HOST that does not answer must end in one sentence that names it, and start nothing', async () => {
  const ended = await program(script, [], { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
  expect(ended).toEqual({
    code: 1,
    stdout: '',
    stderr: 'engine: DOCKER_HOST is unix:///nowhere/docker.sock, and no engine answers there.\n',
  });
});

describe.runIf(canHaveIslands)('on a machine whose engine is not running', () => {
  const ensure = (island: Island): ReturnType<Island['run']> => island.run([script]);
  const pidOf = async (island: Island): Promise<string> => (await island.run(['cat', '/run/docker.pid'])).stdout.trim();

  test('it must start one, and a second call must leave that one alone', async () => {
    await withIsland(async (island) => {
      const first = await ensure(island);
      expect(first.stderr).toContain('starting dockerd');
      expect(first.code).toBe(0);
      const pid = await pidOf(island);
      const second = await ensure(island);
      expect(second.code).toBe(0);
      expect(second.stderr).not.toContain('starting');
      expect(await pidOf(island)).toBe(pid);
    });
  });

  test('what an engine leaves that was killed must not stop the next one', async () => {
    await withIsland(async (island) => {
      await ensure(island);
      const pid = await pidOf(island);
      await island.run(['kill', '-9', pid]);
      expect((await ensure(island)).code).toBe(0);
      expect(await pidOf(island)).not.toBe(pid);
    });
  });

  test('a pid file that names a process of somebody else must be taken away, and that process left alone', async () => {
    await withIsland(async (island) => {
      await island.run(['bash', '-c', 'setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/docker.pid']);
      const bystander = await pidOf(island);
      expect((await ensure(island)).code).toBe(0);
      expect(await pidOf(island)).not.toBe(bystander);
      expect((await island.run(['kill', '-0', bystander])).code).toBe(0);
    });
  });

  test('somebody who is not root must be told what to do', async () => {
    await withIsland(async (island) => {
      const ended = await island.run(['setpriv', '--reuid=65534', '--clear-groups', script], { HOME: '/tmp' });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/^engine: no engine answers\. Start Docker, or join its group .*\n$/);
    });
  });
});
