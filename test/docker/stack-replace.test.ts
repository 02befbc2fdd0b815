import { describe, expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { compareStack } from '../../runners/stack/compare.ts';
import { captureStack } from '../../runners/stack/snapshot.ts';
import { bench } from '../support/action-context.ts';
import { putBack, sameStack } from '../support/engine-state.ts';
import { withStack } from '../support/stack.ts';

const params = { orphans: 'keep' };

const pair = (greeting: string) => `
services:
  web:
    image: $PROJECT/web:1
    environment: { NAME: web, GREETING: '${greeting}' }
    ports: ['$PORT:8080']
    restart: unless-stopped
    networks: { default: { aliases: [www] } }
    depends_on: { db: { condition: service_healthy } }
  db:
    image: $PROJECT/db:1
    environment: { ROLE: db }
    volumes: ['data:/data']
    stop_grace_period: 1s
volumes: { data: {} }
`;

describe('compose.up on a stack that was started by hand', () => {
  test('one changed service must be replaced and nothing else, with its causes planned by name', async () => {
    await withStack('one', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', pair('b'));
      const one = await bench(stack.folder, { project: stack.project });

      const planned = await one.plan(up, params);
      expect(planned.map(({ verb, target, because }) => [verb, target, because])).toEqual([
        ['keep', 'db', []],
        ['recreate', 'web', ['the environment differs']],
      ]);
      expect(planned[1]?.diff).toEqual([{ what: 'environment', to: '~ GREETING' }]);
      expect(planned[1]?.downtime?.kind).toBe('gap');

      const outputs = await one.run(up, params);
      expect(outputs).toMatchObject({ changed: true, replaced: ['web'], created: [], started: [] });
      expect(one.measured['gap:web']).toBeGreaterThan(0);
      const during = await stack.state();
      expect(during.containers[`${stack.project}-db-1`]).toEqual(before.containers[`${stack.project}-db-1`]);
      expect(during.containers[`${stack.project}-web-1`]?.status).toBe('exited');
      expect(during.containers[`${stack.project}-web-2`]?.networks).toEqual({
        [`${stack.project}_default`]: ['web', 'www', `${stack.project}-web-2`].toSorted(),
      });

      const said = await one.undo(up);
      expect(said).toEqual([expect.stringMatching(/^web is back on .*web:1 \([0-9a-f]{4}…\)$/)]);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });

  test('F29 after a settled replacement a plain `up -d` must recreate nothing', async () => {
    await withStack('settle', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      await stack.write('compose.yml', pair('b'));
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      await one.settle(up);
      const ids = [await stack.ids('web'), await stack.ids('db')];
      expect(ids.map((each) => each.length)).toEqual([1, 1]);

      await stack.compose(['up', '-d']);
      expect([await stack.ids('web'), await stack.ids('db')]).toEqual(ids);
      const again = await bench(stack.folder, { project: stack.project });
      expect(await again.run(up, params)).toMatchObject({ changed: false });
      expect(again.receipts).toEqual([]);
    });
  });

  test('F02 a service and the one it needs must be replaced together and go back together', async () => {
    await withStack('both', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', pair('b').replace('ROLE: db', 'ROLE: db, NAME: other'));
      const one = await bench(stack.folder, { project: stack.project });
      expect(await one.run(up, params)).toMatchObject({ replaced: ['db', 'web'] });
      expect(one.receipts.filter((receipt) => (receipt as { kind: string }).kind === 'services')).toHaveLength(1);
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));
      await one.undo(up);
      expect(putBack(await stack.state())).toEqual(putBack(before));
    });
  });

  test('an undo must make the old container again where somebody removed it', async () => {
    await withStack('gone', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', pair('b'));
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      await stack.compose(['rm', '-f', 'web']);
      expect((await stack.ids('web')).length).toBe(1);
      const said = await one.undo(up);
      expect(said.join()).toContain('made again');
      expect(sameStack(await stack.state())).toEqual(sameStack(before));
      await stack.write('compose.yml', pair('a'));
      const ids = await stack.ids('web');
      await stack.compose(['up', '-d']);
      expect(await stack.ids('web')).toEqual(ids);
    });
  });

  test('an undo must put everything back after a plain `up -d` in between', async () => {
    await withStack('plain', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      const before = await stack.state();
      await stack.write('compose.yml', pair('b'));
      const one = await bench(stack.folder, { project: stack.project });
      await one.run(up, params);
      await stack.compose(['up', '-d']);
      await one.undo(up);
      expect(sameStack(await stack.state())).toEqual(sameStack(before));
    });
  });

  test('an undo must put everything back after a `down` in between, the network too', async () => {
    await withStack('down', { 'compose.yml': pair('a') }, async (stack) => {
      await stack.image('web:1', '1');
      await stack.image('db:1', '1');
      await stack.compose(['up', '-d']);
      await stack.compose(['stop', 'db']);
      const before = await stack.state();
      await stack.write('compose.yml', pair('b'));
      const one = await bench(stack.folder, { project: stack.project });
      const was = await captureStack(one.look);
      await one.run(up, params);
      await stack.compose(['down']);
      await one.undo(up);
      const now = await stack.state();
      expect(sameStack({ ...now, networks: {} })).toEqual(withoutState(sameStack({ ...before, networks: {} }), 'db'));
      expect(Object.keys(now.networks)).toEqual(Object.keys(before.networks));
      expect(await compareStack(was, one.look)).toEqual({
        differences: [],
        say: expect.stringContaining(`${stack.project} is as it was: 1 image, 2 configurations`),
      });
    });
  });
});

/** One that stood still and was removed stands still again, but was never started. */
function withoutState(state: ReturnType<typeof sameStack>, service: string): ReturnType<typeof sameStack> {
  const containers = Object.entries(state.containers).map(([name, each]) => [
    name,
    name.includes(`-${service}-`) ? { ...each, status: 'created' } : each,
  ]);
  return { ...state, containers: Object.fromEntries(containers) };
}
