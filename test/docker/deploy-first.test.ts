import { expect, test } from 'vitest';
import { deploy, migrations, newestRun, page, withShop } from '../support/shop.ts';

test('a first deploy must start the whole stack, and a second one must find nothing to do', async () => {
  await withShop('first', async (shop) => {
    const first = await deploy(shop);
    expect(first).toMatchObject({ code: 0 });
    expect((await page(shop)).body).toMatch(/^shop 1: api 1, schema 1, visits \d+$/);
    expect(await newestRun(shop)).toMatchObject({ status: 'succeeded', release: 'r1' });
    const before = await shop.state();
    expect(Object.keys(before.containers)).toHaveLength(5);

    const again = await deploy(shop);
    expect(again).toMatchObject({ code: 0 });
    expect(await shop.state()).toEqual(before);
    expect(await migrations(shop)).toBe('1');
    expect(await newestRun(shop)).toMatchObject({ status: 'nothing-to-do' });
  });
});

test('after a deploy a plain "docker compose up -d" must recreate nothing (F29)', async () => {
  await withShop('plainup', async (shop) => {
    expect(await deploy(shop)).toMatchObject({ code: 0 });
    const ids = async (): Promise<string[]> => Object.values((await shop.state()).containers).map((each) => each.id);
    const before = await ids();
    await shop.compose(['up', '-d']);
    expect(await ids()).toEqual(before);
  });
});

test('TAG=2 in front of the command must reach the Compose file, and the plan must say that it came from the shell', async () => {
  await withShop('tag', async (shop) => {
    expect(await deploy(shop)).toMatchObject({ code: 0 });
    const plan = await shop.playbook(['plan', 'deploy-stack.yml', '--json'], { env: { TAG: '2' } });
    expect(plan.json()).toMatchObject({ verdict: 'changes', from_shell: expect.arrayContaining(['TAG']) });
    expect(await deploy(shop, { TAG: '2' })).toMatchObject({ code: 0 });
    expect((await page(shop)).body).toMatch(/^shop 2: api 2, schema 2/);
    expect(await migrations(shop)).toBe('2');
  });
});

test('an input that the target puts into the environment must reach the Compose file', async () => {
  await withShop('input', async (shop) => {
    await shop.write(
      'ours.yml',
      `playbook: v1
name: ours
inputs:
  tag: { type: string, pattern: '^[a-z0-9.-]+$', description: What to run. }
target: { env: { TAG: '{{inputs.tag}}' } }
steps:
  - { id: build, uses: compose.build }
  - { id: up, uses: compose.up }
  - { id: healthy, uses: health.wait }
`,
    );
    expect(await shop.playbook(['run', 'ours.yml', '--yes', '-i', 'tag=2'])).toMatchObject({ code: 0 });
    expect((await page(shop)).body).toMatch(/^shop 2: api 2/);
  });
});
