import { expect, test } from 'vitest';
import { keepLock, type LockKeeper } from '../../../src/cli/lock-keeper.ts';
import type { RunEventBody } from '../../../src/engine/events.ts';
import type { Journal } from '../../../src/engine/ports.ts';
import type { EngineLock } from '../../../src/runner/engine-lock.ts';
import { handClock, held, lockedEngine, ownerOf } from './lock-fixtures.ts';

const line: RunEventBody = { type: 'step.logged', step: 'up', lines: ['x'] };
const change: RunEventBody = { type: 'receipt.undoing', step: 'up', receipt: 1 };

/** What got through to the disk. */
function fenced(keeper: LockKeeper): { journal: Journal; stored: string[] } {
  const stored: string[] = [];
  const journal: Journal = {
    async append(event) {
      stored.push(event.type);
      return { ...event, run: 'a', seq: stored.length, at: 0 };
    },
  };
  return { journal: keeper.fence(journal), stored };
}

test('a run whose stack another one took must store no change from then on, and nothing else either', async () => {
  const { lock, volumes } = lockedEngine();
  const keeper = keepLock(lock, await held(lock, ownerOf('a')), handClock());
  const { journal, stored } = fenced(keeper);
  await journal.append(change);
  volumes.clear();
  await held(lock, ownerOf('b'));
  await expect(journal.append(change)).rejects.toThrow(/^Run a no longer holds shop: .* Run b .* changes nothing more/);
  await expect(journal.append(line)).rejects.toThrow('no longer holds shop');
  expect(stored).toEqual(['receipt.undoing']);
  expect(keeper.lost.aborted).toBe(true);
  await keeper.close('free');
  expect((await lock.ownerOf('shop'))?.token).toBe('b');
});

test('it must be found out within a second, also while nothing is stored', async () => {
  const { lock, volumes } = lockedEngine();
  const clock = handClock();
  const keeper = keepLock(lock, await held(lock, ownerOf('a')), clock);
  volumes.clear();
  await clock.pass(1_000);
  expect((await lock.ownerOf('shop'))?.token).toBe('a');
  expect(keeper.lost.aborted).toBe(false);
  volumes.clear();
  await held(lock, ownerOf('b'));
  await clock.pass(1_000);
  expect(keeper.lost.aborted).toBe(true);
  await keeper.close('free');
});

test('an engine that does not answer must not stop the record: it cannot be changed either', async () => {
  const { lock } = lockedEngine();
  const hold = await held(lock, ownerOf('a'));
  const away: EngineLock = { ...lock, keep: () => Promise.reject(new Error('away')) };
  const keeper = keepLock(away, hold, handClock());
  const { journal, stored } = fenced(keeper);
  await journal.append(change);
  await keeper.close('held');
  expect(stored).toEqual(['receipt.undoing']);
});

test('closing it must give the lock back or leave it, as told, and say why where it could not', async () => {
  const { lock, volumes } = lockedEngine();
  const hold = await held(lock, ownerOf('a'));
  expect(await keepLock(lock, hold, handClock()).close('held')).toBeUndefined();
  expect(volumes.size).toBe(1);
  const away: EngineLock = { ...lock, release: () => Promise.reject(new Error('the engine is away')) };
  expect(await keepLock(away, hold, handClock()).close('free')).toBe('the engine is away');
  expect(await keepLock(lock, hold, handClock()).close('free')).toBeUndefined();
  expect(volumes.size).toBe(0);
});
