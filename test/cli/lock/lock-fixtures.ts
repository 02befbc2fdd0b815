import { engineLock } from '../../../runners/stack/lock/lock.ts';
import { thisProcess } from '../../../src/history/process-ref.ts';
import type { Clock } from '../../../src/runner/contract.ts';
import type { EngineLock, LockHold, LockOwner } from '../../../src/runner/engine-lock.ts';
import { fakeVolumes } from '../../runners/stack/lock/fake-volumes.ts';

export const laptop = { pid: 42, host: 'laptop', started: '7', boot: 'b/1' };

/** A run of this very process, unless `more` says otherwise. */
export function ownerOf(token: string, more: Partial<LockOwner> = {}): LockOwner {
  const process = thisProcess();
  return {
    token,
    project: 'shop',
    run: token,
    playbook: 'deploy',
    user: 'ana',
    state_dir: '/s',
    since: 0,
    process,
    ...more,
  };
}

/** An engine with nothing but locks. */
export function lockedEngine(): { lock: EngineLock; volumes: Map<string, unknown> } {
  const { docker, volumes } = fakeVolumes();
  return { lock: engineLock(docker), volumes };
}

export async function held(lock: EngineLock, owner: LockOwner): Promise<LockHold> {
  const tried = await lock.take(owner, () => false);
  if ('held' in tried) throw new Error(`${tried.held.run} holds it`);
  return tried.got;
}

/** Time that passes only by `pass`, which lets whoever has slept so long go on. */
export function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0;
  let sleeping: { until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        if (signal?.aborted) reject(signal.reason);
        sleeping.push({ until: now + ms, wake: resolve });
      }),
    async pass(ms) {
      now += ms;
      const due = sleeping.filter(({ until }) => until <= now);
      sleeping = sleeping.filter(({ until }) => until > now);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
