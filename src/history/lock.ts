import type { ProcessRef } from '../engine/events.ts';
import type { Clock } from '../runner/contract.ts';
import { type Held, lockedRefusal, sayHeld } from './held.ts';
import { isAlive, isAncestor } from './process-ref.ts';
import { reservesItsStack, unfinishedStatuses } from './run-row.ts';
import type { Lease, RunRow, Store } from './store.ts';

export { isAlive, thisProcess } from './process-ref.ts';

export type WantedLease = {
  engine_id: string;
  project: string;
  run: string;
  process: ProcessRef;
  /** Called once for each holder that is waited for, with a sentence for the user. */
  waiting?: (say: string) => void;
  /** For tests; how it is found out otherwise stands in `process-ref.ts`. */
  isAlive?: (process: ProcessRef) => boolean | 'unknown';
};

/**
 * Takes the stack for a run, or throws Refusal('locked') that says who has it. A holder that is proved dead is taken over;
 * one that may live never is. Waits up to `wait` milliseconds, but only for what can end by itself.
 */
export async function acquireLease(
  store: Store,
  wanted: WantedLease,
  wait: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Lease> {
  const until = clock.now() + wait;
  let told = '';
  for (;;) {
    signal.throwIfAborted();
    const tried = tryOnce(store, wanted, clock.now());
    if ('got' in tried) return tried.got;
    const left = until - clock.now();
    if (left <= 0 || !endsByItself(tried)) throw lockedRefusal(tried, wanted.project, clock.now());
    if (told !== tried.lease.run) wanted.waiting?.(sayHeld(tried, wanted.project, clock.now()));
    told = tried.lease.run;
    await clock.sleep(Math.min(left, POLL), signal);
  }
}

/** Long enough to cost nothing, short enough that nobody notices it after a deploy. */
const POLL = 250;

type Waitable = Extract<Held, { why: 'busy' | 'unknown' }>;

function endsByItself(held: Held): held is Waitable {
  return held.why === 'busy' || held.why === 'unknown';
}

function tryOnce(store: Store, wanted: WantedLease, now: number): { got: Lease } | Held {
  const alive = wanted.isAlive ?? isAlive;
  const before = reservation(store, wanted);
  if (before && alive(before.process) === false) return { why: 'reserved', row: before };

  const { engine_id, project, run, process } = wanted;
  const answer = store.acquire({ engine_id, project, run, holder: process, since: now }, (held) => {
    return alive(held.holder) === false && (held.run === run || !reserves(store, held.run));
  });
  if ('held' in answer) return heldBy(store, answer.held, alive);

  // A run may have parked and let go between the first look and now; with the lease in hand nothing can move any more.
  const after = reservation(store, wanted);
  if (!after) return answer;
  store.release(answer.got);
  return { why: 'reserved', row: after };
}

/** The run of somebody else that has started on this stack and not come to its end. */
function reservation(store: Store, { engine_id, project, run }: WantedLease): RunRow | undefined {
  const unfinished = store.runs({ engine_id, project, statuses: unfinishedStatuses });
  return unfinished.find((row) => row.run !== run && reservesItsStack(row));
}

function reserves(store: Store, run: string): boolean {
  const row = store.findRun(run);
  return row?.run === run && reservesItsStack(row);
}

function heldBy(store: Store, lease: Lease, alive: (process: ProcessRef) => boolean | 'unknown'): Held {
  const found = store.findRun(lease.run);
  const row = found?.run === lease.run ? found : undefined;
  const living = alive(lease.holder);
  if (living === false && row) return { why: 'reserved', row };
  if (living === true && isAncestor(lease.holder)) return { why: 'inside', lease, ...(row ? { row } : {}) };
  return { why: living === true ? 'busy' : 'unknown', lease, ...(row ? { row } : {}) };
}
