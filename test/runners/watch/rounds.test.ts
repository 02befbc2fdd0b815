import { describe, expect, it } from 'vitest';
import { atMost } from '../../../runners/clients/at-most.ts';
import { type Bell, createBell } from '../../../runners/watch/bell.ts';
import { inRounds, type Turn } from '../../../runners/watch/rounds.ts';
import { Refusal } from '../../../src/errors.ts';
import type { Look, Sample } from '../../../src/runner/contract.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

type Rounds = { bell: Bell; look: Look; lost: number };

/** Rounds in virtual time until `until` milliseconds have passed; gives each sample with its second. */
async function rounds(
  turn: (at: number, rounds: Rounds) => Promise<Partial<Sample> & { next: number }>,
  { until = 60_000, patience }: { until?: number; patience?: number } = {},
): Promise<[number, string][]> {
  const clock = virtualClock(0);
  const over = new AbortController();
  const look = { clock, signal: over.signal } as unknown as Look;
  const bell = createBell(clock, over.signal);
  const made: Rounds = { bell, look, lost: 0 };
  const found: [number, string][] = [];
  void clock.sleep(until).then(() => over.abort(new Error('over')));
  const samples = inRounds({
    watching: { look, signal: over.signal, since: 0 },
    bell,
    ...(patience !== undefined && { patience }),
    lost: () => {
      made.lost += 1;
    },
    async turn(bounded): Promise<Turn> {
      const { next, ...sample } = await turn(clock.now(), { ...made, look: bounded });
      return { next, sample: { at: clock.now(), bad: false, say: 'good', ...sample } };
    },
  });
  for await (const { at, bad, say } of samples) found.push([at / 1000, bad === undefined ? `no data: ${say}` : say]);
  return found;
}

describe('rounds', () => {
  it('must measure at once and then when the last turn said so, and end with the signal', async () => {
    const found = await rounds(async (at) => ({ next: at < 5_000 ? 5_000 : 20_000 }));
    expect(found.map(([at]) => at)).toEqual([0, 5, 25, 45]);
  });

  it('must count the time that a turn takes to its pause', async () => {
    const found = await rounds(async (_at, { look }) => {
      const at = look.clock.now();
      await look.clock.sleep(4_000);
      return { at, next: 10_000 };
    });
    expect(found.map(([at]) => at)).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it('F26 must have no data of a turn that fails, try again ever less often, and go on when it is over', async () => {
    let failures = 0;
    const found = await rounds(async (at) => {
      if (at >= 20_000) return { next: 15_000 };
      failures += 1;
      throw new Refusal('unavailable', `away ${failures}`);
    });
    expect(found).toEqual([
      ...[0, 0.5, 1.5, 3.5, 7.5, 12.5, 17.5].map((at, index) => [
        at,
        `no data: nothing could be measured: away ${index + 1}`,
      ]),
      [22.5, 'good'],
      [37.5, 'good'],
      [52.5, 'good'],
    ]);
  });

  it('F26 must have no data of an engine that hangs, and leave it alone', async () => {
    const found = await rounds(
      (_at, { look }) =>
        new Promise((_, reject) => look.signal.addEventListener('abort', () => reject(look.signal.reason))),
      { until: 10_000, patience: 4_000 },
    );
    const say = 'no data: nothing could be measured: The Docker Engine gave no answer within 4 s.';
    expect(found).toEqual([
      [4, say],
      [8.5, say],
    ]);
  });

  it('must look as soon as the bell rings, also when it rang during a look', async () => {
    let looks = 0;
    const found = await rounds(async (at, { bell, look }) => {
      looks += 1;
      if (at === 0) void look.clock.sleep(3_000).then(() => bell.ring());
      if (looks === 2) bell.ring();
      return { next: 30_000 };
    });
    expect(found.map(([at]) => at)).toEqual([0, 3, 3, 33]);
  });

  it('must end at once when its signal is aborted in the middle of a turn', async () => {
    const found = await rounds(
      (_at, { look }) =>
        new Promise((_, reject) => look.signal.addEventListener('abort', () => reject(look.signal.reason))),
      { until: 1_000 },
    );
    expect(found).toEqual([]);
  });
});

describe('work for many', () => {
  it('must be done so many at a time, with the results in order', async () => {
    let open = 0;
    let most = 0;
    const results = await atMost(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
      open += 1;
      most = Math.max(most, open);
      for (let tick = 0; tick < 10 - item; tick += 1) await Promise.resolve();
      open -= 1;
      return item * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
    expect(await atMost(3, [], async () => 1)).toEqual([]);
  });
});
