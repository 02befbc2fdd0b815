import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, program } from '../support/docker.ts';
import { engineState } from '../support/engine-state.ts';
import { root } from '../support/images.ts';
import { freePort } from '../support/ports.ts';
import { removeProject } from '../support/stack.ts';

test('the demo must deploy and answer, find nothing to do, take a bad version back, and leave nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playbook-demo-'));
  const project = `pt-demo-${process.pid.toString(36)}`;
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
  // Its own choice, the first port from 8080 on that is free, may be another test's a moment later.
  const port = String(await freePort());
  const env = { PATH: path, PLAYBOOK_DEMO: folder, PLAYBOOK_DEMO_PROJECT: project, PLAYBOOK_DEMO_PORT: port };
  const demo = (shell: Record<string, string>, ...args: string[]): Promise<Ended> =>
    program(join(root, 'scripts/demo.sh'), args, { env: { ...env, ...shell } });
  try {
    const first = await demo({});
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/says: shop 1: api 1, schema 1, visits \d+\n/),
    });
    const before = await engineState(project);
    expect(await demo({})).toMatchObject({ code: 0, stdout: expect.stringContaining('shop 1: api 1') });
    expect((await engineState(project)).containers).toEqual(before.containers);
    const bad = await demo({ TAG: 'never-healthy' });
    expect(bad).toMatchObject({ code: 4, stdout: expect.stringContaining('says: shop 1: api 1') });
    expect(await demo({}, 'history')).toMatchObject({ code: 0, stdout: expect.stringContaining('rolled-back') });
    expect(await demo({}, 'down')).toMatchObject({ code: 0 });
    expect(await engineState(project)).toEqual({ containers: {}, tags: {}, keepTags: {}, networks: {}, volumes: [] });
  } finally {
    await removeProject(project);
    await rm(folder, { recursive: true, force: true });
  }
});
