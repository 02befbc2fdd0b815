import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { putBack } from '../support/engine-state.ts';
import { freePort } from '../support/ports.ts';
import { deploy, migrations, newestRun, page, type Shell, startDeploy, withRunningShop } from '../support/shop.ts';
import { until } from '../support/until.ts';

type Failing = {
  what: string;
  shell: Shell;
  /** What the closing words must say. */
  cause: RegExp;
  /** Migrations after it: the old job is never run again, a changed one ran before the failure. */
  migrations: string;
};

const cases: Failing[] = [
  { what: 'never becomes healthy', shell: { API_MODE: 'never-healthy' }, cause: /api.*unhealthy/, migrations: '1' },
  { what: 'exits at its start', shell: { API_MODE: 'exits' }, cause: /api.*(exit|restarted)/, migrations: '1' },
  { what: 'crash-loops', shell: { API_MODE: 'crash-loops' }, cause: /api.*(restart|exit|crash)/, migrations: '1' },
  { what: 'fails its smoke test', shell: { WEB_MODE: 'broken' }, cause: /smoke.*404|404/, migrations: '1' },
  { what: 'fails its migration', shell: { MIGRATE_MODE: 'fails' }, cause: /migrate.*(exit|1)/, migrations: '1' },
  { what: 'is new and never healthy', shell: { TAG: 'never-healthy' }, cause: /unhealthy/, migrations: '2' },
];

test.each(cases)(
  'a version that $what must be taken back whole, onto a stack that was started by hand',
  async (failing) => {
    await withRunningShop('fails', async (shop) => {
      const before = await shop.state();
      const ended = await deploy(shop, failing.shell);
      expect(ended).toMatchObject({ code: 4 });
      expect(putBack(await shop.state())).toEqual(putBack(before));
      expect((await page(shop)).body).toMatch(/^shop 1: api 1, schema \S+, visits \d+$/);
      expect(await migrations(shop)).toBe(failing.migrations);
      expect(ended.stdout).toMatch(failing.cause);
      const run = await newestRun(shop);
      expect(run).toMatchObject({ status: 'rolled-back' });
      const evidence = await shop.playbook(['show', String(run['id']), '--evidence']);
      expect(evidence.stdout).toMatch(/inspect|log/);
    });
  },
);

test('an image that cannot be had must be a no-go, with nothing touched (F03)', async () => {
  await withRunningShop('nopull', async (shop) => {
    await shop.write('compose.override.yml', 'services: { db: { image: 127.0.0.1:1/nowhere/db:9 } }\n');
    const before = await shop.state();
    const ended = await deploy(shop);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('nowhere/db:9');
    expect(await shop.state()).toEqual(before);
  });
});

test('a port that is taken must be a no-go that names its holder (F05)', async () => {
  await withRunningShop('port', async (shop) => {
    const port = await freePort();
    const server = createServer().listen(port, '0.0.0.0');
    try {
      const before = await shop.state();
      const ended = await deploy(shop, { PORT: String(port) });
      expect(ended).toMatchObject({ code: 3 });
      expect(ended.stdout).toMatch(new RegExp(`${port}.*node \\(pid ${process.pid}\\)`, 's'));
      expect(await shop.state()).toEqual(before);
    } finally {
      server.close();
    }
  });
});

test('a port taken between the check and the start must end with everything put back', async () => {
  await withRunningShop('portlate', async (shop) => {
    const port = await freePort();
    const before = await shop.state();
    const server = createServer();
    try {
      const running = startDeploy(shop, { PORT: String(port) }, ['--json']);
      await until('the first step starts', () => running.output().stdout.includes('"step.started"'));
      await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve));
      expect(await running.ended).toMatchObject({ code: 4 });
      expect(putBack(await shop.state())).toEqual(putBack(before));
      expect((await page(shop)).status).toBe(200);
    } finally {
      server.close();
    }
  });
});
