import type { EdgePlace } from '../runners/clients/edge/types.ts';
import { docker } from '../test/support/docker.ts';
import { nameLoad, withEdgeStack } from '../test/support/edge-stack.ts';
import { firstSync, updateTo } from '../test/support/edge-updates.ts';
import { buildImages } from '../test/support/images.ts';
import { type LoadResult, withLoad } from '../test/support/load.ts';
import type { TestStack } from '../test/support/stack.ts';
import { until } from '../test/support/until.ts';
import { measureTrip } from './trip.ts';

const UPDATES = 3;
const edges = ['haproxy', 'caddy', 'nginx'] as const;

type Way = { name: string; goal?: true; update(stack: TestStack, version: string): Promise<void> };

/** Requests lost by an update under 200 requests per second, GET and POST over kept connections, by edge and by way of updating. */
const ways: readonly Way[] = [
  { name: 'playbook run rolling-update.yml', goal: true, update: (stack, to) => ours(stack, to, 'rolling-update') },
  { name: 'playbook run blue-green.yml', goal: true, update: (stack, to) => ours(stack, to, 'blue-green') },
  { name: 'docker compose up -d', update: composeUp },
  { name: 'scale up, wait, stop the old (docker-rollout)', update: rollout },
];

await buildImages();
console.log(`\n${UPDATES} updates each, 200 requests/s, an app of 100 ms that dies at once on SIGTERM`);
for (const edge of edges) {
  console.log(`\nBehind ${edge}\n  ${heading()}`);
  for (const way of ways) await measure(edge, way);
}
await measureTrip();

async function measure(edge: EdgePlace['driver'], way: Way): Promise<void> {
  const taken: number[] = [];
  await withEdgeStack(
    'benchzero',
    async (stack) => {
      await firstSync(stack);
      const result = await withLoad({ url: stack.url }, async (load) => {
        for (let update = 1; update <= UPDATES; update += 1) {
          const { sent } = await load.soFar();
          await until('some requests in between', async () => (await load.soFar()).sent > sent + 200);
          const from = performance.now();
          await way.update(stack, update % 2 === 0 ? '1' : '2');
          taken.push((performance.now() - from) / 1000);
        }
      });
      console.log(`  ${row(way, result, taken, edge)}`);
    },
    { edge },
  );
}

async function ours(stack: TestStack, to: string, playbook: 'rolling-update' | 'blue-green'): Promise<void> {
  const ended = await updateTo(stack, to, playbook);
  if (ended.code !== 0) throw new Error(`playbook run ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
}

/** Nobody tells the edge: what a person does who types it, and then puts the new container in. */
async function composeUp(stack: TestStack, to: string): Promise<void> {
  await nameLoad(stack, to);
  await stack.compose(['up', '-d', '--wait']);
  await firstSync(stack);
}

/** The edge follows at once once the new one is healthy, but nobody waits for the requests that the old one has. */
async function rollout(stack: TestStack, to: string): Promise<void> {
  const old = await stack.ids('web');
  await nameLoad(stack, to);
  await stack.compose(['up', '-d', '--no-recreate', '--wait', '--scale', `web=${2 * old.length}`, 'web']);
  await docker(['stop', ...old]);
  await docker(['rm', ...old]);
  await firstSync(stack);
}

function heading(): string {
  return `${''.padEnd(48)}${'failed of all'.padEnd(18)}${'longest gap'.padEnd(14)}each update`;
}

/** The goal is for the reference; the other two reset idle connections at each switch, and say so. */
function row({ name, goal }: Way, result: LoadResult, taken: readonly number[], edge: string): string {
  const met = result.failed === 0 && result.longest_gap_ms < 50;
  const mark = goal && edge === 'haproxy' ? (met ? '✓' : '✗') : ' ';
  const seconds = taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN;
  const failed = `${result.failed} of ${result.sent}`;
  const kinds = Object.entries(result.failures).map(([kind, count]) => `${count} ${kind}`);
  const figures = `${failed.padEnd(18)}${`${result.longest_gap_ms} ms`.padEnd(14)}${`${seconds.toFixed(1)} s`.padEnd(9)}`;
  return `${mark} ${name.padEnd(46)}${figures}${kinds.join(', ')}`.trimEnd();
}
