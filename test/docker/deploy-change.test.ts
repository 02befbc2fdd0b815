import { expect, test } from 'vitest';
import { only, putBack, replaced } from '../support/engine-state.ts';
import { httpGet } from '../support/http-get.ts';
import { deploy, newestRun, page, withRunningShop } from '../support/shop.ts';
import { type TestStack, withStack } from '../support/stack.ts';

type PlannedChange = { verb: string; target: string; because: string[] };

async function planned(stack: TestStack, shell: Record<string, string> = {}): Promise<PlannedChange[]> {
  const plan = await stack.playbook(['plan', 'deploy-stack.yml', '--json'], { env: shell });
  expect(plan.code).toBe(0);
  return (plan.json() as { changes: PlannedChange[] }).changes.filter(({ verb }) => verb !== 'keep');
}

test('a changed environment must replace that service alone, as the plan had said with the reason', async () => {
  await withRunningShop('env', async (shop) => {
    const before = await shop.state();
    const shell = { GREETING: 'welcome' };
    const changes = await planned(shop, shell);
    expect(changes.filter(({ verb }) => verb === 'recreate').map(({ target }) => target)).toEqual(['web']);
    expect(changes.find(({ target }) => target === 'web')?.because.join()).toContain('environment');
    expect(await deploy(shop, shell)).toMatchObject({ code: 0 });
    expect(replaced(before, await shop.state())).toEqual(['web']);
    expect((await page(shop)).body).toMatch(/^welcome 1/);
  });
});

test('an image that was built anew under the same name must replace its service alone', async () => {
  await withRunningShop('image', async (shop) => {
    const before = await shop.state();
    await shop.image('db:1', '2');
    const changes = await planned(shop);
    expect(changes.find(({ target }) => target === 'db')?.because.join()).toContain('image');
    expect(await deploy(shop)).toMatchObject({ code: 0 });
    const after = await shop.state();
    expect(replaced(before, after)).toEqual(['db']);
    expect(after.volumes).toEqual(before.volumes);
    expect((await page(shop)).body).toMatch(/schema 1, visits [2-9]/);
  });
});

const pair = `
services:
  front:
    image: $PROJECT/app:1
    environment: { NAME: front, GREETING: '\${GREETING:-}', MODE: '\${FRONT_MODE:-}' }
    ports: ['$PORT:8080']
    depends_on: { back: { condition: service_healthy } }
  back:
    image: $PROJECT/app:1
    environment: { NAME: back, GREETING: '\${GREETING:-}' }
    depends_on: { aside: { condition: service_started } }
  aside:
    image: $PROJECT/app:1
    environment: { NAME: aside }
`;

test('a service and the one it depends on, changed together, must both be replaced and nothing else touched', async () => {
  await withStack('pair', { 'compose.yml': pair }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    const before = await stack.state();
    expect(await deploy(stack, { GREETING: 'hello' })).toMatchObject({ code: 0 });
    const after = await stack.state();
    expect(replaced(before, after)).toEqual(['back', 'front']);
    expect(only(after, 'aside')).toEqual(only(before, 'aside'));
    expect((await httpGet(stack.url)).body).toBe('front 1 hello');
  });
});

test('and both must come back, the same containers, when the second one turns out bad (F02)', async () => {
  await withStack('pairback', { 'compose.yml': pair }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    const before = await stack.state();
    expect(await deploy(stack, { GREETING: 'hello', FRONT_MODE: 'never-healthy' })).toMatchObject({ code: 4 });
    expect(putBack(await stack.state())).toEqual(putBack(before));
    expect((await httpGet(stack.url)).body).toBe('front 1');
    expect(await newestRun(stack)).toMatchObject({ status: 'rolled-back' });
  });
});
