import { expect, test, vi } from 'vitest';
import type * as Context from '../../src/engine/context.ts';
import type * as Decide from '../../src/engine/decide.ts';
import { parseInstance } from '../../src/playbook/instance.ts';
import { type Options, simulate, type Verdict } from './simulate.ts';

/** The bug that is in the engine now: each test plants its own. */
const bug = vi.hoisted(() => ({ planted: 'none' as 'none' | 'receipt after change' | 'undo forgets a batch' }));

vi.mock('../../src/engine/context.ts', async (original) => {
  const real = await original<typeof Context>();
  const openSession: typeof real.openSession = (...given) => {
    const session = real.openSession(...given);
    const { record } = session.context;
    // The action goes on at once; its receipt gets to the disk and into the journal some time later.
    if (bug.planted === 'receipt after change')
      session.context.record = async (receipt) => void record(receipt).catch(() => undefined);
    return session;
  };
  return { ...real, openSession };
});

vi.mock('../../src/engine/decide.ts', async (original) => {
  const real = await original<typeof Decide>();
  const decide: typeof real.decide = (program, state, now, intent) => {
    if (bug.planted !== 'undo forgets a batch' || !state.undo) return real.decide(program, state, now, intent);
    const remembered = state.receipts.filter(({ step }) => parseInstance(step).at[0] !== 2);
    return real.decide(program, { ...state, receipts: remembered }, now, intent);
  };
  return { ...real, decide };
});

/** The first seed that breaks an invariant, of so many. */
async function firstBroken(seeds: number, options: Options = {}): Promise<Verdict | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const verdict = await simulate(seed, options);
    if (verdict.violation !== undefined) return verdict;
  }
  return undefined;
}

async function mustBeCaught(seeds: number, options: Options = {}): Promise<string> {
  const broken = await firstBroken(seeds, options);
  if (broken?.violation === undefined) throw new Error(`${seeds} seeds and nothing was noticed`);
  console.info(`Caught by seed ${broken.seed}: ${broken.violation}`);
  expect((await simulate(broken.seed, options)).violation).toBe(broken.violation);
  return broken.violation;
}

test('without a bug planted these seeds must find none', { timeout: 60_000 }, async () => {
  bug.planted = 'none';
  expect(await firstBroken(100)).toBeUndefined();
});

test('a receipt that gets to the disk after its change must be caught', { timeout: 60_000 }, async () => {
  bug.planted = 'receipt after change';
  expect(await mustBeCaught(20)).toContain('receipt first');
});

test('the same must be caught by what becomes of the stack, too', { timeout: 60_000 }, async () => {
  bug.planted = 'receipt after change';
  expect(await mustBeCaught(400, { off: ['receipt first', 'way back', 'journal', 'fold', 'liveness', 'end'] })).toMatch(
    /^(back|kept|once|no-go|done)/,
  );
});

test('a lock that is not fenced must be caught', { timeout: 60_000 }, async () => {
  bug.planted = 'none';
  expect(await mustBeCaught(400, { fenced: false })).toContain('one holder');
});

test('an undo that forgets a batch must be caught', { timeout: 60_000 }, async () => {
  bug.planted = 'undo forgets a batch';
  expect(await mustBeCaught(100)).toContain('way back');
  // And by what becomes of the stack alone.
  expect(await mustBeCaught(400, { off: ['way back'] })).toMatch(/^back/);
});
