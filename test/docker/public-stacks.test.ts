import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { printPlan } from '../../src/plan/print.ts';
import type { Plan } from '../../src/plan/types.ts';
import { plainStyle } from '../../src/report/style.ts';
import { docker } from '../support/docker.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { root } from '../support/images.ts';
import { freePort } from '../support/ports.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { PLAN, stackFiles } from '../support/stack-files.ts';
import { nameSamples, nameStandIns } from '../support/stand-in.ts';

const folders = (among: string) =>
  readdirSync(join(root, 'fixtures', among), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

/** The only inputs: nobody waits here for what takes its time elsewhere. */
const SHORT = ['-i', 'stable_for=1s', '-i', 'soak=0s'];

test.concurrent.each(folders('stacks-public'))(
  '%s must be begun with, planned and deployed without a word of configuration',
  async (name) => {
    await withPublicStack(name, async (stack, ports) => {
      expect(await stack.playbook(['init', '--yes'])).toMatchObject({ code: 0, stderr: '' });
      expect(await stack.playbook(['check', 'deploy.yml'])).toMatchObject({ code: 0, stdout: 'ok  deploy.yml\n' });
      const plan = await planText(stack, 'deploy.yml', { name, ports });
      expect(plan).toBe(expectedPlan(`stacks-public/${name}`, plan));

      const run = await stack.playbook(['run', 'deploy.yml', '--yes', ...SHORT]);
      expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
      expect(await found(stack)).toEqual(await wanted(stack));

      const state = await stack.state();
      const again = await stack.playbook(['run', 'deploy.yml', '--yes', ...SHORT]);
      expect(again.stdout).toMatch(/\nNothing to do: all is as it should be\.\n$/);
      expect(again).toMatchObject({ code: 0 });
      expect(await stack.state()).toEqual(state);
    });
  },
);

test.concurrent.each([
  {
    name: 'gluetun',
    what: 'network',
    from: 'VPN_TYPE: wireguard',
    to: 'VPN_TYPE: openvpn',
    owner: 'gluetun',
    users: ['qbittorrent', 'prowlarr'],
    user: '{{.HostConfig.NetworkMode}}',
    as: (id: string) => `container:${id}`,
  },
  {
    name: 'nextcloud',
    what: 'volumes',
    from: 'REDIS_HOST=redis',
    to: 'REDIS_HOST=cache',
    owner: 'app',
    users: ['cron'],
    user: '{{index .HostConfig.VolumesFrom 0}}',
    as: (id: string) => id,
  },
])('who uses the $what of $owner must be replaced and be well with it', async (row) => {
  await withPublicStack(row.name, async (stack) => {
    await stack.compose(['up', '-d', '--build']);
    const text = await readFile(join(stack.folder, 'compose.yml'), 'utf8');
    await stack.write('compose.yml', text.replace(row.from, row.to));
    const run = await stack.playbook(['run', 'deploy-stack.yml', '--yes', ...SHORT]);
    expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 });
    const [owner = ''] = await stack.ids(row.owner);
    for (const service of row.users) {
      const uses = await docker(['inspect', '--format', row.user, ...(await stack.ids(service))]);
      expect(uses).toBe(row.as(owner));
    }
    expect(await found(stack)).toEqual(await wanted(stack));
  });
});

test.concurrent.each(folders('stacks'))('the first deploy of %s must be planned as its plan.txt says', async (name) => {
  await withStack(name, await stackFiles(name), async (stack) => {
    await nameSamples(stack);
    const plan = await planText(stack, 'deploy-stack.yml', { name, ports: [stack.port] });
    expect(plan).toBe(expectedPlan(`stacks/${name}`, plan));
  });
});

async function withPublicStack(name: string, body: (stack: TestStack, ports: number[]) => Promise<void>) {
  const files = await stackFiles(name, 'stacks-public');
  const more = [await freePort(), await freePort(), await freePort(), await freePort()].toSorted();
  const env = more.map((port, index) => `PORT_${index + 2}=${port}\n`).join('');
  await withStack(name, { ...files, '.env': files['.env'] + env }, async (stack) => {
    await nameStandIns(stack);
    await body(stack, [stack.port, ...more]);
  });
}

type Names = { name: string; ports: readonly number[] };

/**
 * What people get of a plan, made while the socket lets only GET and HEAD through. What is another one in each test
 * (names, ports) or on each machine (versions, room) has a fixed word before the lines are broken.
 */
async function planText(stack: TestStack, file: string, names: Names): Promise<string> {
  const before = await stack.state();
  const plan = await withFaultProxy(getOnly, async (proxy) => {
    const made = await stack.playbook(['plan', file, '--json'], { env: { DOCKER_HOST: proxy.host } });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(proxy.refused).toEqual([]);
    return JSON.parse(fixed(made.stdout, stack, names)) as Plan;
  });
  expect(await stack.state()).toEqual(before);
  expect(existsSync(stack.stateDir)).toBe(false);
  const machine = { engine_name: 'vm', engine_version: '26.1.5', compose_version: '2.26.1' };
  return printPlan({ ...plan, plan_id: '00000000', stack: { ...plan.stack, ...machine } }, plainStyle());
}

function fixed(text: string, { project }: TestStack, { name, ports }: Names): string {
  const named = text.replaceAll(project, name);
  return ports
    .reduce((left, port, index) => left.replaceAll(String(port), String(8080 + index)), named)
    .replaceAll(/engine \d[\w.+~-]*, compose \d[\w.+~-]*/g, 'engine 26.1.5, compose 2.26.1')
    .replaceAll(/[\d.]+ [KMGT]B and [\d.]+ [KMGT]B are free/g, '16 GB and 64 GB are free');
}

/** UPDATE=1 writes it anew: read it before you commit it. */
function expectedPlan(folder: string, got: string): string {
  const path = join(root, 'fixtures', folder, PLAN);
  if (process.env['UPDATE'] === '1') writeFileSync(path, got);
  return readFileSync(path, 'utf8');
}

type Service = { deploy?: { replicas?: number }; healthcheck?: { test?: string[] } };

/** What its containers should be, by Compose's own reading of the files. */
async function wanted(stack: TestStack): Promise<string[]> {
  const model = JSON.parse(await stack.compose(['config', '--format', 'json'])) as {
    services: Record<string, Service>;
  };
  const lines = Object.entries(model.services).flatMap(([name, { deploy, healthcheck }]) => {
    const state = ONE_SHOTS.includes(name)
      ? 'exited 0'
      : `running ${healthcheck?.test ? 'healthy' : 'without healthcheck'}`;
    return Array<string>(deploy?.replicas ?? 1).fill(`${name} ${state}`);
  });
  return lines.toSorted();
}

/** Everything else runs until it is stopped. */
const ONE_SHOTS = ['migrate', 'createbuckets'];

async function found(stack: TestStack): Promise<string[]> {
  const listed = await stack.compose(['ps', '-a', '--format', 'json']);
  const containers = listed.split('\n').map((line) => JSON.parse(line) as Record<string, string | number>);
  const lines = containers.map(({ Service, State, Health, ExitCode }) =>
    State === 'running' ? `${Service} running ${Health || 'without healthcheck'}` : `${Service} ${State} ${ExitCode}`,
  );
  return lines.toSorted();
}
