import { expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import { only, putBack } from '../support/engine-state.ts';
import { deployQuickly, rollback, runningReleases } from '../support/rollback.ts';
import { newestRun } from '../support/shop.ts';
import { withStack } from '../support/stack.ts';

const built = {
  'compose.yml': "services: { web: { image: '$PROJECT/web:1', build: . } }\n",
  Dockerfile: 'FROM playbook-fixture/app:1\nLABEL test=$PROJECT version=1\n',
};

test('F44 F48 F54 a built image must be kept to return to, and where it is gone nothing must be touched', async () => {
  await withStack('gone', built, async (stack) => {
    expect(await deployQuickly(stack)).toMatchObject({ code: 0 });
    const first = only(await stack.state(), 'web').image;
    await stack.write('Dockerfile', built.Dockerfile.replace('version=1', 'version=2'));
    expect(await deployQuickly(stack)).toMatchObject({ code: 0 });
    const second = only(await stack.state(), 'web').image;
    expect(second).not.toBe(first);

    // No registry has it, and the sources are gone: the kept image is all it takes.
    await stack.write('Dockerfile', 'FROM nowhere.invalid/none');
    expect(await rollback(stack)).toMatchObject({ code: 0 });
    expect(only(await stack.state(), 'web').image).toBe(first);
    expect(await rollback(stack, ['r2'])).toMatchObject({ code: 0 });

    await docker(['rmi', '-f', first]);
    const before = await stack.state();
    const refused = await rollback(stack, ['r1']);
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('1 of 1 image of release r1 is gone') });
    expect(refused.stdout).toContain('It was built here.');
    expect(await stack.state()).toEqual(before);
    expect(await runningReleases(stack)).toEqual(['r2']);
  });
});

const dying = (greeting: string) => `
services:
  web:
    image: $PROJECT/web:1
    environment: { GREETING: ${greeting}, NAME: web }
    entrypoint: [/bin/sh, -c, 'test "$$GREETING" != one -o ! -e /data/poison && exec /app/start']
    volumes: [data:/data]
volumes: { data: {} }
`;

test('F46 F47 F51 a rollback that fails must stop, say so with exit 5, keep what it took away, and be undone only when asked', async () => {
  await withStack('fails', { 'compose.yml': dying('one') }, async (stack) => {
    await stack.image('web:1', '1');
    expect(await deployQuickly(stack)).toMatchObject({ code: 0 });
    await stack.write('compose.yml', dying('two'));
    expect(await deployQuickly(stack)).toMatchObject({ code: 0 });
    const before = await stack.state();
    // The data has changed since: the older version cannot live with it.
    await stack.compose(['exec', '-T', 'web', 'touch', '/data/poison']);

    const failed = await rollback(stack);
    expect(failed.code).toBe(5);
    expect(failed.stdout).toMatch(/The rollback FAILED.*is not back on release r1/);
    const run = await newestRun(stack);
    expect(run).toMatchObject({ status: 'rollback-failed' });
    expect((await stack.playbook(['history'])).stdout.split('\n')[1]).toMatch(
      /rollback.*rollback-failed|rollback-failed.*rollback/,
    );
    expect(await runningReleases(stack)).toEqual([]);
    const kept = Object.values((await stack.state()).containers).map(({ id, status }) => [id, status]);
    expect(kept).toContainEqual([only(before, 'web').id, 'exited']);

    const undone = await stack.playbook(['undo', String(run['id'])]);
    expect(undone.code).toBe(0);
    expect(putBack(await stack.state())).toEqual(putBack(before));
    expect(await runningReleases(stack)).toEqual(['r2']);
  });
});
