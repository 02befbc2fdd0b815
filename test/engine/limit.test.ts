import { expect, test } from 'vitest';
import { limit, within } from '../../src/engine/limit.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const over = new Error('over');

test('a limit must abort with the reason of the timeout that passes first', async () => {
  const clock = virtualClock();
  const bounds = limit(
    clock,
    [],
    [
      { ms: 50, reason: new Error('later') },
      { ms: 10, reason: over },
    ],
  );
  await clock.sleep(60);
  expect(bounds.signal.reason).toBe(over);
});

test('a limit must abort when a parent does, at once where it is so already', () => {
  const parent = new AbortController();
  const bounds = limit(virtualClock(), [parent.signal], []);
  parent.abort(over);
  expect(bounds.signal.reason).toBe(over);
  expect(limit(virtualClock(), [parent.signal], []).signal.reason).toBe(over);
});

test('a released limit must never abort any more', async () => {
  const clock = virtualClock();
  const parent = new AbortController();
  const bounds = limit(clock, [parent.signal], [{ ms: 10, reason: over }]);
  bounds.release();
  parent.abort(over);
  await clock.sleep(20);
  expect(bounds.signal.aborted).toBe(false);
});

test('work that ends after it was told to stop must count as what it came to', async () => {
  const clock = virtualClock();
  const stop = new AbortController();
  stop.abort(over);
  await expect(
    within(
      clock,
      clock.sleep(5).then(() => 'done'),
      stop.signal,
      10,
    ),
  ).resolves.toBe('done');
});

test('work that does not end when told to must be left alone after the grace time', async () => {
  const clock = virtualClock();
  const stop = new AbortController();
  const work = within(clock, new Promise<never>(() => undefined), stop.signal, 10);
  stop.abort(over);
  await expect(work).rejects.toBe(over);
});
