import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { only } from '../support/engine-state.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import type { PlaybookRun } from '../support/run-playbook.ts';
import { withRunningShop, withShop } from '../support/shop.ts';
import { withStack } from '../support/stack.ts';

test('planning must change nothing: the socket lets only GET and HEAD through, and the store is not even made (F73)', async () => {
  await withRunningShop('planget', async (shop) => {
    const before = await shop.state();
    await withFaultProxy(getOnly, async (proxy) => {
      const env = { DOCKER_HOST: proxy.host, TAG: '2', GREETING: 'welcome' };
      const plan = await shop.playbook(['plan', 'deploy-stack.yml', '-i', `smoke_url=${shop.url}/`], { env });
      expect(plan).toMatchObject({ code: 0 });
      expect(plan.stdout).toContain('web');
      expect(proxy.calls.length).toBeGreaterThan(0);
      expect(proxy.refused).toEqual([]);
    });
    expect(await shop.state()).toEqual(before);
    expect(existsSync(shop.stateDir)).toBe(false);
  });
});

test('a plan of a stack of which nothing is there yet must change nothing either', async () => {
  await withShop('planfresh', async (shop) => {
    const before = await shop.state();
    await withFaultProxy(getOnly, async (proxy) => {
      const plan = await shop.playbook(['run', '--dry-run', 'deploy-stack.yml'], { env: { DOCKER_HOST: proxy.host } });
      expect(plan).toMatchObject({ code: 0 });
      expect(proxy.refused).toEqual([]);
    });
    expect(await shop.state()).toEqual(before);
    expect(existsSync(shop.stateDir)).toBe(false);
  });
});

test('a no-go must change nothing, report every guard, and be set aside by --override alone', async () => {
  await withRunningShop('nogo', async (shop) => {
    await shop.write(
      'careful.yml',
      `playbook: v1
name: careful
guards:
  - { id: never, that: 'size(stack.services) > 99', say: 'Too few services.' }
  - { id: config, uses: check.config }
steps:
  - { id: up, uses: compose.up }
`,
    );
    const shell = { GREETING: 'welcome' };
    const before = await shop.state();
    const refused = await shop.playbook(['run', 'careful.yml', '--yes'], { env: shell });
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stdout).toContain('Too few services.');
    expect(refused.stdout).toContain('config');
    expect(await shop.state()).toEqual(before);
    expect(await shop.playbook(['plan', 'careful.yml'], { env: shell })).toMatchObject({ code: 3 });

    const overridden = await shop.playbook(['run', 'careful.yml', '--yes', '--override', 'never'], { env: shell });
    expect(overridden).toMatchObject({ code: 0 });
    expect(only(await shop.state(), 'web').env).toContain('GREETING=welcome');
  });
});

test('without a terminal and without --yes a run must end with 2 and have touched nothing', async () => {
  await withRunningShop('noyes', async (shop) => {
    const before = await shop.state();
    const ended = await shop.playbook(['run', 'deploy-stack.yml'], { env: { GREETING: 'welcome' } });
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr + ended.stdout).toContain('--yes');
    expect(await shop.state()).toEqual(before);
  });
});

test('the exit code of a plan must tell changes from nothing to do where that is asked for (F74)', async () => {
  await withStack('detailed', { 'compose.yml': 'services: { app: { image: $PROJECT/app:1 } }\n' }, async (stack) => {
    await stack.image('app:1', '1');
    const plan = (): Promise<PlaybookRun> => stack.playbook(['plan', 'deploy-stack.yml', '--detailed-exitcode']);
    expect(await plan()).toMatchObject({ code: 10 });
    await stack.compose(['up', '-d', '--wait']);
    expect(await plan()).toMatchObject({ code: 0 });
  });
});
