import { expect, test } from 'vitest';
import { dockerLines } from '../support/docker.ts';
import { deploy, withShop } from '../support/shop.ts';
import { until } from '../support/until.ts';

test('a very first deploy that fails must leave nothing behind but named volumes, with a word about them', async () => {
  await withShop('firstfails', async (shop) => {
    const before = await shop.state();
    const ended = await deploy(shop, { API_MODE: 'never-healthy' });
    expect(ended).toMatchObject({ code: 4 });
    const after = await shop.state();
    expect(after).toEqual({ ...before, volumes: [`${shop.project}_data`] });
    expect(ended.stdout).toContain(`${shop.project}_data`);
  });
});

test('an anonymous volume that the failed first deploy made must go, for nobody else can have used it', async () => {
  await withShop('firstanon', async (shop) => {
    await shop.write('compose.override.yml', 'services: { api: { volumes: [/scratch] } }\n');
    const before = await unusedAnonymous();
    expect(await deploy(shop, { API_MODE: 'exits' })).toMatchObject({ code: 4 });
    // Other tests may have one without a container for a moment; a forgotten one would stay.
    await until('no new anonymous volume is left', async () =>
      (await unusedAnonymous()).every((name) => before.includes(name)),
    );
    expect((await shop.state()).containers).toEqual({});
  });
});

async function unusedAnonymous(): Promise<string[]> {
  const unused = await dockerLines(['volume', 'ls', '-q', '--filter', 'dangling=true']);
  return unused.filter((name) => /^[0-9a-f]{64}$/.test(name));
}

test('after a failed first deploy a good one must succeed', async () => {
  await withShop('firstagain', async (shop) => {
    expect(await deploy(shop, { MIGRATE_MODE: 'fails' })).toMatchObject({ code: 4 });
    expect(await deploy(shop)).toMatchObject({ code: 0 });
  });
});
