import { expect, onTestFinished, test } from 'vitest';
import { letGo, takeHold, untilFree, type Wanted } from '../../../src/cli/holding.ts';
import { openStore } from '../../../src/history/sqlite.ts';
import type { Store } from '../../../src/history/store.ts';
import type { EngineLock } from '../../../src/runner/engine-lock.ts';
import { created, refusalOfAsync, tempDir } from '../../history/history-fixtures.ts';
import { playbook } from '../../support/fake-run.ts';
import { handClock, held, laptop, lockedEngine, ownerOf } from './lock-fixtures.ts';

const there = { engine_id: 'E:1', project: 'shop' };

function opened(): Store {
  const store = openStore(tempDir());
  onTestFinished(store.close);
  return store;
}

type More = { wait?: number; verdict?: 'no-go'; clock?: ReturnType<typeof handClock>; told?: string[] };

function wanted(
  store: Store,
  lock: EngineLock,
  { wait = 0, verdict, clock = handClock(), told = [] }: More = {},
): Wanted {
  const plan = { stack: there, verdict: verdict ?? 'changes' };
  const program = { run: 'k3f9', playbook: playbook([], { lock: { wait } }), plan } as unknown as Wanted['program'];
  const signal = new AbortController().signal;
  const waiting = (say: string) => void told.push(say);
  return { program, store, state_dir: '/s', env: {}, lock: async () => lock, waiting, clock, signal };
}

test('a stack must be held on the host and on the engine, and both be given back', async () => {
  const [store, { lock, volumes }] = [opened(), lockedEngine()];
  const asked = wanted(store, lock);
  const holding = await takeHold(asked);
  expect((await lock.ownerOf('shop'))?.run).toBe('k3f9');
  expect(store.lease('E:1', 'shop')?.run).toBe('k3f9');
  expect(await letGo(holding, asked)).toBeUndefined();
  expect([volumes.size, store.lease('E:1', 'shop')]).toEqual([0, undefined]);
});

test('one that the engine does not give must not stay held on the host', async () => {
  const [store, { lock }] = [opened(), lockedEngine()];
  await held(lock, ownerOf('m4x2', { process: laptop }));
  expect((await refusalOfAsync(takeHold(wanted(store, lock)))).message).toContain('Run m4x2');
  expect(store.lease('E:1', 'shop')).toBeUndefined();
});

test('with lock.wait it must be had as soon as the other machine gives it back, and the user told once', async () => {
  const [store, { lock }, clock, told] = [opened(), lockedEngine(), handClock(), [] as string[]];
  const other = await held(lock, ownerOf('m4x2', { process: laptop }));
  const taking = takeHold(wanted(store, lock, { wait: 60_000, clock, told }));
  for (let polls = 0; polls < 3; polls += 1) await clock.pass(500);
  await lock.release(other);
  await clock.pass(500);
  const { keeper } = await taking;
  expect((await lock.ownerOf('shop'))?.run).toBe('k3f9');
  expect(told).toEqual([expect.stringContaining('Run m4x2')]);
  await keeper?.close('free');
});

test('the wait must end with its time, and looking whether it is free take nothing', async () => {
  const [store, { lock, volumes }, clock] = [opened(), lockedEngine(), handClock()];
  const other = await held(lock, ownerOf('m4x2', { process: laptop }));
  const asked = { ...wanted(store, lock, { clock }), until: 1_000 };
  const refused = refusalOfAsync(untilFree(lock, 'shop', asked));
  for (let polls = 0; polls < 3; polls += 1) await clock.pass(500);
  expect((await refused).reason).toBe('locked');
  await lock.release(other);
  await untilFree(lock, 'shop', asked);
  expect(volumes.size).toBe(0);
});

test('a run with a no-go changes nothing, so it must not even take the lock on the engine', async () => {
  const [store, { lock, volumes }] = [opened(), lockedEngine()];
  const asked = wanted(store, lock, { verdict: 'no-go' });
  const holding = await takeHold(asked);
  expect([volumes.size, holding.keeper]).toEqual([0, undefined]);
  await letGo(holding, asked);
});

test('a run that has begun and not come to its end must keep both', async () => {
  const [store, { lock, volumes }] = [opened(), lockedEngine()];
  const asked = wanted(store, lock);
  const holding = await takeHold(asked);
  const { fence } = holding.lease;
  store.append('k3f9', created({ process: holding.lease.holder }), 1, fence);
  store.append('k3f9', { type: 'run.started' }, 2, fence);
  await letGo(holding, asked);
  expect([volumes.size, store.lease('E:1', 'shop')?.run]).toEqual([1, 'k3f9']);
});
