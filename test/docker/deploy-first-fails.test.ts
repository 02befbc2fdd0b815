import { expect, test } from 'vitest';
import { dockerLines } from '../support/docker.ts';
import { deploy, withShop } from '../support/shop.ts';

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
    const anonymous = (): Promise<string[]> =>
      dockerLines(['volume', 'ls', '-q', '--filter', 'label=com.docker.volume.anonymous']);
    const before = await anonymous();
    expect(await deploy(shop, { API_MODE: 'exits' })).toMatchObject({ code: 4 });
    // Other tests make and remove theirs at the same time; none of ours may be left.
    const left = (await anonymous()).filter((name) => !before.includes(name));
    const mounted = await dockerLines(['ps', '-aq', ...left.flatMap((name) => ['--filter', `volume=${name}`])]);
    expect(left.length === 0 || mounted.length > 0).toBe(true);
    expect((await shop.state()).containers).toEqual({});
  });
});

test('after a failed first deploy a good one must succeed', async () => {
  await withShop('firstagain', async (shop) => {
    expect(await deploy(shop, { MIGRATE_MODE: 'fails' })).toMatchObject({ code: 4 });
    expect(await deploy(shop)).toMatchObject({ code: 0 });
  });
});
