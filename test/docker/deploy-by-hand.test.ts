import { expect, test } from 'vitest';
import { only, putBack, replaced } from '../support/engine-state.ts';
import { httpGet } from '../support/http-get.ts';
import { deploy } from '../support/shop.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';
import { until } from '../support/until.ts';

/** Started by plain Compose, something kept in its anonymous volume, its Compose file edited since. */
async function withOldStack(name: string, body: (stack: TestStack) => Promise<void>): Promise<void> {
  const files = await stackFiles('by-hand');
  await withStack(name, files, async (stack) => {
    for (const image of ['front:1', 'front:2', 'store:1']) await stack.image(image, image === 'front:2' ? '2' : '1');
    await stack.compose(['up', '-d', '--wait']);
    await stack.compose(['exec', '-T', 'store', 'sh', '-c', 'echo precious >/data/kept']);
    const edited = (files['compose.yml'] ?? '').replace('[www, shop.internal]', '[www, shop.internal, new.internal]');
    await stack.write('compose.yml', edited);
    await body(stack);
  });
}

const kept = (stack: TestStack): Promise<string> =>
  stack.compose(['exec', '-T', 'store', 'cat', '/data/kept'], { env: { GREETING: '' } });

test('a stack that was started by hand must be adopted without a restart of what did not change', async () => {
  await withOldStack('adopt', async (stack) => {
    const before = await stack.state();
    expect(await deploy(stack)).toMatchObject({ code: 0 });
    const after = await stack.state();
    expect(only(after, 'store')).toEqual(only(before, 'store'));
    expect(replaced(before, after)).toEqual(['front']);
    expect(only(after, 'front').networks[`${stack.project}_default`]).toContain('new.internal');
    expect(after.volumes).toEqual(before.volumes);
    expect(await kept(stack)).toBe('precious');
    const releases = (await stack.playbook(['releases', '--json'])).json() as { id: string }[];
    expect(releases.map(({ id }) => id)).toEqual(['r1', 'found']);
  });
});

test('a failing deploy onto it must put back names, aliases, ports and both kinds of volumes', async () => {
  await withOldStack('handback', async (stack) => {
    const before = await stack.state();
    await stack.write('compose.override.yml', 'services: { front: { environment: { MODE: never-healthy } } }\n');
    expect(await deploy(stack, { TAG: '2' })).toMatchObject({ code: 4 });
    expect(putBack(await stack.state())).toEqual(putBack(before));
    await until('front answers again', async () => (await httpGet(stack.url)).body === 'front 1');
    expect(await kept(stack)).toBe('precious');
    const releases = (await stack.playbook(['releases', '--json'])).json() as { id: string }[];
    expect(releases.map(({ id }) => id)).toEqual(['found']);
  });
});

test('a service with an anonymous volume must keep what is in it when it is replaced', async () => {
  await withOldStack('anon', async (stack) => {
    const before = await stack.state();
    await stack.image('store:1', '2');
    expect(await deploy(stack)).toMatchObject({ code: 0 });
    const after = await stack.state();
    expect(replaced(before, after)).toEqual(['front', 'store']);
    expect(after.volumes).toEqual(before.volumes);
    expect(await kept(stack)).toBe('precious');
  });
});

test('undo after a good deploy without a pivot must bring the old containers back', async () => {
  await withOldStack('undo', async (stack) => {
    await stack.write(
      'no-pivot.yml',
      `playbook: v1
name: no-pivot
steps:
  - { id: up, uses: compose.up }
  - { id: wait, uses: health.wait }
  - { id: fail, uses: shell.run, with: { argv: [/bin/false] }, undo: none, because: it only fails }
`,
    );
    const before = await stack.state();
    expect(await stack.playbook(['run', 'no-pivot.yml', '--yes'], { env: { TAG: '2' } })).toMatchObject({ code: 4 });
    expect(putBack(await stack.state())).toEqual(putBack(before));
    expect(await kept(stack)).toBe('precious');
  });
});
