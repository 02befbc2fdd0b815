import { expect, onTestFinished, test } from 'vitest';
import { historyFaults } from '../../src/history/integrity.ts';
import { openStore } from '../../src/history/sqlite.ts';
import type { Store } from '../../src/history/store.ts';
import { tempDir } from './history-fixtures.ts';
import { spawnChild } from './spawn-child.ts';

/** `npm run kills` asks for a thousand. */
const KILLS = Number(process.env['PLAYBOOK_KILLS'] ?? 60);
const AT_ONCE = 4;

function opened(dir: string): Store {
  const store = openStore(dir);
  onTestFinished(store.close);
  return store;
}

/** One writer, killed after it has said `count` numbers; gives the last number it said. */
async function killedWriter(dir: string, run: string, count: number): Promise<number> {
  const child = spawnChild(['write', dir, run]);
  await child.said(count);
  child.process.kill('SIGKILL');
  return Number((await child.ended).at(-1));
}

test(
  `a writer killed at any moment, ${KILLS} times, must leave a whole history with all that it was told is on disk`,
  async () => {
    const dir = tempDir();
    // One that ends by itself fills the compile cache for the others.
    await spawnChild(['open', dir]).ended;
    const store = opened(dir);
    const kill = async (lane: number) => {
      for (let round = lane; round < KILLS; round += AT_ONCE) {
        const run = `run${round}`;
        const told = await killedWriter(dir, run, 1 + ((round * 7) % 23));
        const events = store.events(run);
        expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
        // The one that was on its way to the disk may be there or not.
        expect(events.length - told).toBeOneOf([0, 1]);
        expect(store.findRun(run)?.status).toBe('running');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => kill(lane)));
    expect(store.runs()).toHaveLength(KILLS);
    for (const { run } of store.runs()) {
      const lines = store.events(run).flatMap((event) => (event.type === 'step.logged' ? event.lines : []));
      expect(lines).toEqual(lines.map((_, index) => `line ${index + 2}`));
    }
    expect(historyFaults(dir)).toEqual([]);
  },
  2_000 * KILLS,
);

test('a process killed while it takes runs out of the record must leave each of them whole, or not at all', async () => {
  const dir = tempDir();
  await spawnChild(['open', dir]).ended;
  const store = opened(dir);
  const kill = async (round: number) => {
    const child = spawnChild(['churn', dir, `run${round}`]);
    await child.said(1 + (round % 5));
    child.process.kill('SIGKILL');
    return Number((await child.ended).at(-1));
  };
  const told = await Promise.all(Array.from({ length: 3 * AT_ONCE }, (_, round) => kill(round)));
  expect(historyFaults(dir)).toEqual([]);
  for (const [round, turn] of told.entries()) {
    const left = store.runs().filter(({ run }) => run.startsWith(`run${round}t`));
    // The last one that was told, perhaps one more, and perhaps the one before that one.
    expect(left.map(({ run }) => Number(run.split('t')[1])).every((each) => each >= turn)).toBe(true);
    for (const { run, status } of left)
      expect([run, store.events(run).length === 22]).toEqual([run, status === 'succeeded']);
  }
}, 60_000);

test('two processes that write at once must each keep the order of their events', async () => {
  const dir = tempDir();
  const writers = ['aaaa', 'bbbb'].map((run) => spawnChild(['write', dir, run, '300']));
  await Promise.all(writers.map((writer) => writer.ended));
  const store = opened(dir);
  for (const run of ['aaaa', 'bbbb']) {
    const lines = store.events(run).flatMap((event) => (event.type === 'step.logged' ? event.lines : []));
    expect(lines).toEqual(Array.from({ length: 299 }, (_, index) => `line ${index + 2}`));
  }
});

test('processes that open a new history at the same moment must all get it', async () => {
  const dir = tempDir();
  const openers = Array.from({ length: 6 }, () => spawnChild(['open', dir]));
  expect(await Promise.all(openers.map((opener) => opener.ended))).toEqual(openers.map(() => ['open']));
});

test('processes that take turns on one stack must never be inside at once, and each get a higher fence', async () => {
  const dir = tempDir();
  opened(dir);
  const takers = ['aaaa', 'bbbb', 'cccc'].map((run) => spawnChild(['turns', dir, run, '15']));
  const fences = (await Promise.all(takers.map((taker) => taker.ended))).flat().map(Number);
  expect(fences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
});

test('a folder of somebody else must be refused with a sentence', async () => {
  const dir = tempDir();
  openStore(dir).close();
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : undefined;
  // Who is not root is somebody else to a folder of root's.
  const [said] = await spawnChild(['open', nobody ? dir : '/root'], nobody).ended;
  expect(said).toMatch(/^unavailable: .*(belongs to somebody else|not for this user)/);
});
