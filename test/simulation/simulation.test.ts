import { expect, test } from 'vitest';
import type { RunEvent, RunStatus } from '../../src/engine/events.ts';
import { simulate } from './simulate.ts';

/** So many in each test, ten tests: 5,000 seeds. */
const SEEDS = 500;
const seen = new Set<RunEvent['type']>();
const ends = new Set<RunStatus>();

test.each(Array.from({ length: 10 }, (_, part) => part * SEEDS + 1))(
  'every invariant must hold whatever happens to a run: 500 seeds from %d',
  { timeout: 600_000 },
  async (from) => {
    const broken: string[] = [];
    for (let seed = from; seed < from + SEEDS; seed += 1) {
      const verdict = await simulate(seed);
      for (const type of verdict.seen) seen.add(type);
      for (const end of verdict.ends) ends.add(end);
      if (verdict.violation !== undefined)
        broken.push(`${verdict.violation} (npm run simulate -- --seed ${seed} tells its story)`);
    }
    expect(broken).toEqual([]);
  },
);

test('these seeds must see all that can happen to a run', () => {
  const types: RunEvent['type'][] = [
    'batch.given_up',
    'cancel.asked',
    'deadline.passed',
    'guard.judged',
    'pivot.passed',
    'receipt.settle_failed',
    'receipt.undo_failed',
    'run.continued',
    'run.parked',
    'stack.compared',
    'step.decided',
    'step.probed',
    'step.skipped',
    'trigger.set_aside',
    'trigger.tripped',
  ];
  expect(types.filter((type) => !seen.has(type))).toEqual([]);
  const statuses: RunStatus[] = [
    'cancelled',
    'failed',
    'no-go',
    'nothing-to-do',
    'partially-rolled-back',
    'rollback-failed',
    'rolled-back',
    'succeeded',
  ];
  expect(statuses.filter((status) => !ends.has(status))).toEqual([]);
});

test.each([69_882, 92_728])(
  'a trigger that trips as the pivot is about to be passed must turn the run back: seed %i',
  async (seed) => {
    expect((await simulate(seed)).violation).toBeUndefined();
  },
);

test('a seed must tell the same story again, line by line', async () => {
  const storyOf = async (seed: number) => {
    const lines: string[] = [];
    await simulate(seed, { tell: (line) => lines.push(line) });
    return lines;
  };
  for (const seed of [3, 77, 303, 2739]) {
    const story = await storyOf(seed);
    expect(story.length).toBeGreaterThan(5);
    expect(await storyOf(seed)).toEqual(story);
  }
});
