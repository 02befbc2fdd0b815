import { expect, test } from 'vitest';
import { only, sameStack } from '../support/engine-state.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { deployQuickly, rollback, runningReleases } from '../support/rollback.ts';
import { migrations, withShop } from '../support/shop.ts';
import { withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';

test('what ran before the first run must come back from its containers alone, data, names and networks with it', async () => {
  await withStack('tofound', await stackFiles('by-hand'), async (stack) => {
    for (const image of ['front:1', 'front:2', 'store:1']) await stack.image(image, image === 'front:2' ? '2' : '1');
    await stack.compose(['up', '-d', '--wait']);
    await stack.compose(['exec', '-T', 'store', 'sh', '-c', 'echo precious >/data/kept']);
    const before = await stack.state();
    await stack.image('store:1', '2');
    await stack.write('compose.override.yml', 'services: { extra: { image: "$PROJECT/store:1" } }\n');
    expect(await deployQuickly(stack, { TAG: '2' })).toMatchObject({ code: 0 });

    expect(await rollback(stack)).toMatchObject({ code: 0 });
    const after = await stack.state();
    expect(sameStack(after)).toEqual(sameStack(before));
    const kept = await stack.compose(['exec', '-T', 'store', 'cat', '/data/kept'], { env: { GREETING: '' } });
    expect(kept).toBe('precious');
    expect(await runningReleases(stack)).toEqual(['found']);
    expect((await stack.playbook(['status'])).stdout).toMatch(/Release {3}found, .*put back/);
  });
});

test('a migration must be named and need consent before a rollback, and must not run again in it', async () => {
  await withShop('migrated', async (shop) => {
    expect(await deployQuickly(shop)).toMatchObject({ code: 0 });
    expect(await deployQuickly(shop, { SCHEMA: '2', TAG: '2' })).toMatchObject({ code: 0 });
    const before = await shop.state();
    const count = await migrations(shop);

    const refused = await rollback(shop);
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('the job migrate ran (in r2, run') });
    await withFaultProxy(getOnly, async (proxy) => {
      const planned = await shop.playbook(['rollback', '--dry-run', '-i', 'data=stays'], {
        env: { DOCKER_HOST: proxy.host },
      });
      expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('it is put back without being run') });
      expect(proxy.refused).toEqual([]);
    });
    expect(await shop.state()).toEqual(before);

    expect(await rollback(shop, ['-i', 'data=stays'])).toMatchObject({ code: 0 });
    expect(await migrations(shop)).toBe(count);
    const back = await shop.state();
    expect(only(back, 'migrate').status).toBe('created');
    expect(back.volumes).toEqual(before.volumes);
    expect(await runningReleases(shop)).toEqual(['r1']);
  });
});
