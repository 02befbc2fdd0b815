import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { nameLoad, withEdgeStack } from '../test/support/edge-stack.ts';
import { firstSync } from '../test/support/edge-updates.ts';
import { root } from '../test/support/images.ts';
import { type LoadResult, withLoad } from '../test/support/load.ts';
import { startPlaybook } from '../test/support/run-playbook.ts';
import type { TestStack } from '../test/support/stack.ts';
import { until } from '../test/support/until.ts';

type Event = { type: string; at: number; sampled_at?: number };

/** From the sample that trips, in the soak of a blue-green switch under load, to the first undo, and to blue answering alone. */
export async function measureTrip(): Promise<void> {
  const port = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
  const address = port.address();
  const number = typeof address === 'object' && address ? address.port : 0;
  await withEdgeStack('benchtrip', async (stack) => {
    await stack.write('playbooks/watched.yml', await watchedPlaybook(number));
    await firstSync(stack);
    let events: Event[] = [];
    const result = await withLoad({ url: stack.url }, async () => {
      events = await tripped(stack, () => port.close());
    });
    print(events, result);
  });
}

/** The shipped playbook, but for one trigger that this bench can trip at will. */
async function watchedPlaybook(port: number): Promise<string> {
  const shipped = await readFile(join(root, 'playbooks/blue-green.yml'), 'utf8');
  const trigger = `{ id: port, uses: watch.tcp, with: { host: 127.0.0.1, port: ${port}, every: 100ms, failing_for: 200ms } }`;
  return shipped.replace(/ {2}triggers:\n[\s\S]*?\n {2}verify:/, `  triggers:\n    - ${trigger}\n  verify:`);
}

async function tripped(stack: TestStack, trip: () => void): Promise<Event[]> {
  await nameLoad(stack, '2');
  const inputs = ['stable_for=0s', 'soak=1m'].flatMap((input) => ['-i', input]);
  const args = ['run', 'watched.yml', '--yes', '--json', ...inputs];
  const { env, folder: cwd, stateDir } = stack;
  const run = startPlaybook(args, { cwd, stateDir, env });
  const soaking = () => run.output().stdout.includes('"step":"soak"');
  await until('the soak has begun', async () => soaking(), 60_000);
  trip();
  const ended = await run.ended;
  return ended.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
}

function print(events: readonly Event[], result: LoadResult): void {
  const at = (type: string) => events.find((event) => event.type === type)?.at ?? Number.NaN;
  const sample = events.find(({ type }) => type === 'trigger.tripped')?.sampled_at ?? Number.NaN;
  const undo = at('receipt.undoing') - sample;
  const alone = (result.versions['2']?.last ?? Number.NaN) - sample;
  console.log('\nA trigger trips in the soak of a blue-green switch, under 200 requests/s');
  console.log(`  ${undo < 200 ? '✓' : '✗'} to the first undo                  ${Math.round(undo)} ms (goal 200)`);
  console.log(`  ${alone < 1000 ? '✓' : '✗'} to the old version answering alone ${Math.round(alone)} ms (goal 1000)`);
  console.log(`    lost ${result.failed} of ${result.sent} requests, longest gap ${result.longest_gap_ms} ms`);
}
