import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProcessRef } from '../../src/engine/events.ts';
import { acquireLease, isAlive, thisProcess, type WantedLease } from '../../src/history/lock.ts';
import { openStore } from '../../src/history/sqlite.ts';
import type { Lease, Store } from '../../src/history/store.ts';
import type { Clock } from '../../src/runner/contract.ts';
import { begin, here, logged, refusalOf, refusalOfAsync, stack, take, tempDir } from './history-fixtures.ts';
import { spawnChild } from './spawn-child.ts';

const start = 1_700_000_000_000;
const dead = () => false;
const alive = () => true;
const unknown = () => 'unknown' as const;

function opened(dir = tempDir()): Store {
  const store = openStore(dir);
  onTestFinished(store.close);
  return store;
}

/** Time that passes only while somebody sleeps; `meanwhile` happens in each sleep. */
function fakeClock(meanwhile: (slept: number) => void = () => {}): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(ms, signal) {
      now += ms;
      meanwhile(now - start);
      signal?.throwIfAborted();
    },
  };
}

function ask(store: Store, more: Partial<WantedLease> = {}, wait = 0, clock = fakeClock()): Promise<Lease> {
  const wanted: WantedLease = { ...stack, run: 'm4x2', process: { ...here, pid: 9 }, ...more };
  return acquireLease(store, wanted, wait, clock, new AbortController().signal);
}

const mustNotSleep: Clock = {
  now: () => start,
  sleep: () => Promise.reject(new Error('it waited for what cannot end by itself')),
};

describe('a stack that somebody holds', () => {
  test('F60 a refused run must be told who holds it, since when, for which run, and how to stop or follow it', async () => {
    const store = opened();
    const lease = begin(store, 'k3f9');
    store.release(lease);
    take(store, 'k3f9', { since: start - 180_000 });
    const refusal = await refusalOfAsync(ask(store, { isAlive: alive }));
    expect(refusal.reason).toBe('locked');
    expect(refusal.message).toMatch(
      /^Run k3f9 \(deploy-stack, started by ana on vm\) holds shop since 2023-11-1\d \d\d:\d\d:\d\d \(3 min ago\): process 4242 on vm is at work\.$/,
    );
    expect(refusal.hint).toBe(
      '`playbook show k3f9` shows how far it is, `playbook cancel k3f9` stops it and puts back what it changed.',
    );
    expect(store.lease(stack.engine_id, stack.project)?.run).toBe('k3f9');
  });

  test('it must be had as soon as the holder gives it back, and the user told once whom it waits for', async () => {
    const store = opened();
    const lease = take(store, 'k3f9');
    const told: string[] = [];
    const clock = fakeClock((slept) => {
      if (slept >= 2000) store.release(lease);
    });
    const got = await ask(store, { isAlive: alive, waiting: (say) => told.push(say) }, 60_000, clock);
    expect(got).toMatchObject({ run: 'm4x2', fence: lease.fence + 1, since: clock.now() });
    expect(clock.now() - start).toBe(2000);
    expect(told).toEqual([expect.stringMatching(/^Run k3f9 holds shop since .*process 4242 on vm is at work\.$/)]);
  });

  test('waiting must end when its time is over', async () => {
    const store = opened();
    take(store, 'k3f9');
    const clock = fakeClock();
    expect((await refusalOfAsync(ask(store, { isAlive: alive }, 5100, clock))).reason).toBe('locked');
    expect(clock.now() - start).toBe(5100);
  });

  test('a cancelled wait must end at once, with nothing taken', async () => {
    const store = opened();
    const lease = take(store, 'k3f9');
    const stop = new AbortController();
    const clock = fakeClock(() => stop.abort(new Error('Ctrl-C')));
    const wanted = { ...stack, run: 'm4x2', process: here, isAlive: alive };
    await expect(acquireLease(store, wanted, 60_000, clock, stop.signal)).rejects.toThrow('Ctrl-C');
    expect(store.lease(stack.engine_id, stack.project)).toEqual(lease);
    await expect(acquireLease(store, wanted, 0, clock, stop.signal)).rejects.toThrow('Ctrl-C');
  });

  test('a holder of which nothing can be known must not be taken over, and the way to free it be named', async () => {
    const store = opened();
    const lease = take(store, 'k3f9');
    const refusal = await refusalOfAsync(ask(store, { isAlive: unknown }));
    expect(refusal.message).toContain('whether it is still at work cannot be seen from here');
    expect(refusal.hint).toContain('`playbook undo k3f9`');
    expect(store.lease(stack.engine_id, stack.project)).toEqual(lease);
  });

  test('a run that lives must not be taken up a second time', async () => {
    const store = opened();
    begin(store, 'k3f9');
    expect((await refusalOfAsync(ask(store, { run: 'k3f9', isAlive: alive }))).message).toContain('is at work');
  });
});

describe('F59 a holder that is proved dead', () => {
  test('it must be taken over where its run never started', async () => {
    const store = opened();
    const old = take(store, 'k3f9');
    expect((await ask(store, { isAlive: dead })).fence).toBe(old.fence + 1);
  });

  test('it must be taken over where its run had ended', async () => {
    const store = opened();
    const { fence } = begin(store, 'k3f9');
    store.append('k3f9', { type: 'run.ended', status: 'rolled-back', say: 'back' }, 12, fence);
    expect((await ask(store, { isAlive: dead })).run).toBe('m4x2');
  });

  test('its own run must get the stack back under a higher fence, and the old process write no more', async () => {
    const store = opened();
    const old = begin(store, 'k3f9');
    const got = await ask(store, { run: 'k3f9', isAlive: dead });
    expect(got.fence).toBeGreaterThan(old.fence);
    expect(refusalOf(() => store.append('k3f9', logged('zombie'), 12, old.fence)).reason).toBe('locked');
  });
});

describe('an unfinished run reserves its stack without a live process', () => {
  const expected = {
    hint: '`playbook resume k3f9` takes it up again, `playbook undo k3f9` puts back what it changed; `playbook resume k3f9 --plan` says what there is to do.',
  };

  test('others must be refused with the two commands, without waiting', async () => {
    const store = opened();
    const old = begin(store, 'k3f9');
    const refusal = await refusalOfAsync(ask(store, { isAlive: dead }, 60_000, mustNotSleep));
    expect(refusal).toMatchObject({ reason: 'locked', ...expected });
    expect(refusal.message).toMatch(
      /^Run k3f9 \(deploy-stack, started by ana on vm\) reserves shop: started .* it was interrupted, and it is not finished\.$/,
    );
    expect(store.lease(stack.engine_id, stack.project)).toEqual(old);
  });

  test('one that waits for a decision must reserve it although it gave its lease back', async () => {
    const store = opened();
    const lease = begin(store, 'k3f9');
    store.append('k3f9', { type: 'run.parked', step: 'up', say: 'did it happen?' }, 12, lease.fence);
    store.release(lease);
    for (const living of [dead, alive, unknown]) {
      const refusal = await refusalOfAsync(ask(store, { isAlive: living }, 60_000, mustNotSleep));
      expect(refusal).toMatchObject({ reason: 'locked', ...expected });
      expect(refusal.message).toContain('it waits for a decision');
      expect(store.lease(stack.engine_id, stack.project)).toBeUndefined();
    }
    expect((await ask(store, { run: 'k3f9', isAlive: dead })).run).toBe('k3f9');
  });

  test('a run of another stack must not reserve this one', async () => {
    const store = opened();
    begin(store, 'k3f9', { project: 'blog' });
    expect((await ask(store, { isAlive: dead })).project).toBe('shop');
  });
});

describe('with real processes', () => {
  const real = (store: Store, run: string): Promise<Lease> => ask(store, { run, process: thisProcess() });

  test('F59 a killed process must be known to be dead, and its run be taken up by resume or undo only', async () => {
    const dir = tempDir();
    const holder = spawnChild(['hold', dir, 'k3f9', 'started']);
    await holder.said(1);
    const store = opened(dir);
    expect(isAlive(holderOf(store))).toBe(true);
    expect((await refusalOfAsync(real(store, 'm4x2'))).message).toContain(`process ${holder.process.pid} on`);

    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(isAlive(holderOf(store))).toBe(false);
    expect((await refusalOfAsync(real(store, 'm4x2'))).message).toContain('it was interrupted');
    expect((await real(store, 'k3f9')).fence).toBe(2);
  });

  test.each([['created'], ['ended']])(
    'a process killed when its run was %s must not block the next run',
    async (at) => {
      const dir = tempDir();
      const holder = spawnChild(['hold', dir, 'k3f9', at]);
      await holder.said(1);
      const store = opened(dir);
      expect((await refusalOfAsync(real(store, 'm4x2'))).reason).toBe('locked');
      holder.process.kill('SIGKILL');
      await holder.ended;
      expect((await real(store, 'm4x2')).fence).toBe(2);
    },
  );

  test('F61 a command that a run starts on its own stack must be refused at once, not wait for ever', async () => {
    const dir = tempDir();
    const store = opened(dir);
    take(store, 'k3f9', { holder: thisProcess() });
    const [said] = await spawnChild(['ask', dir, 'm4x2']).ended;
    expect(said).toMatch(/^locked: Run k3f9 holds shop .* this command was started by it .* would never end\.$/);
  });

  test('one that waits must get the stack when the other process ends it', async () => {
    const dir = tempDir();
    const holder = spawnChild(['hold', dir, 'k3f9', 'ended']);
    await holder.said(1);
    const waiting = spawnChild(['ask', dir, 'm4x2']);
    holder.process.stdin?.end();
    expect(await waiting.ended).toEqual(['got 2']);
  });
});

function holderOf(store: Store): ProcessRef {
  const lease = store.lease(stack.engine_id, stack.project);
  if (!lease) throw new Error('nobody holds it');
  return lease.holder;
}
