import { expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import { type EngineState, only, sameStack } from '../support/engine-state.ts';
import { imageId } from '../support/images.ts';
import { deployQuickly, rollback, runningReleases } from '../support/rollback.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const compose = `
services:
  web:
    image: $PROJECT/web:1
    environment: { GREETING: '\${GREETING:-hello}' }
    ports: ['$PORT:8080']
    depends_on: { api: { condition: service_healthy } }
    configs: [page]
    secrets: [key]
  api: { image: '$PROJECT/api:1', deploy: { replicas: 2 }, volumes: [data:/data] }
configs: { page: { file: ./page.html } }
secrets: { key: { environment: API_KEY } }
volumes: { data: {} }
`;

/** What a secret is taken from: no file keeps its value. */
const key = { API_KEY: 'sesame open' };

async function withRelease(name: string, files: Record<string, string>, body: (stack: TestStack) => Promise<void>) {
  await withStack(name, files, async (stack) => {
    for (const image of ['web:1', 'api:1']) await stack.image(image, '1');
    expect(await deployQuickly(stack, key)).toMatchObject({ code: 0 });
    await body(stack);
  });
}

/** By service: a rollback gives containers other numbers and IDs, and nothing else. */
function byService(state: EngineState): unknown {
  const { containers, ...rest } = sameStack(state);
  const each = Object.values(containers).map(({ number: _number, networks, ...one }) => ({
    ...one,
    networks: Object.keys(networks),
  }));
  return { ...rest, containers: each.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}

test('F42 F43 F45 a rollback must bring back images by ID, counts and variables, whatever was pushed or exported since', async () => {
  await withRelease('back', { 'compose.yml': compose, 'page.html': 'one' }, async (stack) => {
    const first = await stack.state();
    // The same name means another image, the variable has another value, a replica is gone, a service came.
    await stack.image('web:1', '2');
    await stack.write('compose.yml', compose.replace('replicas: 2', 'replicas: 1'));
    await stack.write('compose.override.yml', 'services: { extra: { image: "$PROJECT/api:1" } }\n');
    expect(await deployQuickly(stack, { ...key, GREETING: 'welcome' })).toMatchObject({ code: 0 });
    // Today's files are of no use any more, and the content of one has changed.
    await stack.write('compose.yml', 'services: [');
    await stack.write('page.html', 'two');

    expect(await rollback(stack)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('API_KEY (secret key) is not set'),
    });
    const back = await rollback(stack, [], { ...key, GREETING: 'shadow', COMPOSE_PROFILES: 'debug' });
    expect(back.stdout).toContain('release r1 runs again: 3 containers');
    expect(back.stdout).toContain('left as they are now: config page');
    expect(back.code).toBe(0);
    expect(byService(await stack.state())).toEqual(byService(first));
    expect(await imageId(`${stack.project}/web:1`)).toBe(only(first, 'web').image);
    const secret = await docker(['exec', only(await stack.state(), 'web').id, 'cat', '/run/secrets/key']);
    expect(secret).toBe(key.API_KEY);
    expect(back.stdout + back.stderr).not.toContain(key.API_KEY);
    expect(await runningReleases(stack)).toEqual(['r1']);
    expect((await rollback(stack, ['r1'], key)).stdout).toContain('Nothing to do');

    // From there on `previous` is the one before that one, and forward is a release like any other.
    expect(await rollback(stack, [], key)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no older release'),
    });
    expect(await rollback(stack, ['r2'], key)).toMatchObject({ code: 0 });
    expect(await runningReleases(stack)).toEqual(['r2']);
    expect(only(await stack.state(), 'extra').status).toBe('running');
  });
});
