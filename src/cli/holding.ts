import type { Program } from '../engine/program.ts';
import { acquireLease, thisProcess } from '../history/lock.ts';
import { reservesItsStack } from '../history/run-row.ts';
import type { Lease, Store } from '../history/store.ts';
import type { Clock } from '../runner/contract.ts';
import type { EngineLock, LockOwner } from '../runner/engine-lock.ts';
import { keepLock, type LockKeeper } from './lock-keeper.ts';
import { heldElsewhere, isInside, lifeOf, lockOwner } from './lock-owner.ts';

export type Wanted = {
  program: Pick<Program, 'run' | 'playbook' | 'plan'>;
  store: Store;
  state_dir: string;
  env: Readonly<Record<string, string>>;
  /** Opened once the stack is free on this host; asks nothing any more once `signal` is aborted. */
  lock(signal: AbortSignal): Promise<EngineLock>;
  waiting(say: string): void;
  clock: Clock;
  signal: AbortSignal;
};

/** A stack that is held for a run: by a lease on this host, and on the engine for everybody else. */
export type Holding = { lease: Lease; keeper?: LockKeeper; stop: AbortController };

/** Takes the stack on this host and then on its engine, or throws Refusal('locked') that says who has it. */
export async function takeHold(wanted: Wanted): Promise<Holding> {
  const { program, store, waiting, clock, signal } = wanted;
  const { project, engine_id } = program.plan.stack;
  const until = clock.now() + program.playbook.lock.wait;
  const asked = { engine_id, project, run: program.run, process: thisProcess(), waiting };
  const lease = await acquireLease(store, asked, program.playbook.lock.wait, clock, signal);
  const stop = new AbortController();
  if (!touchesAStack(program)) return { lease, stop };
  try {
    const keeper = await takeOnEngine({ ...wanted, until }, lease, await wanted.lock(stop.signal));
    return { lease, stop, keeper };
  } catch (error) {
    store.release(lease);
    throw error;
  }
}

/** Gives both back where the run has come to its end, or never began: one that is unfinished keeps its stack. */
export async function letGo({ lease, keeper, stop }: Holding, { store, program }: Wanted): Promise<string | undefined> {
  const row = store.findRun(program.run);
  const unfinished = row?.run === program.run && reservesItsStack(row);
  const tooLong = () => stop.abort(new Error('the engine does not answer'));
  if (unfinished) tooLong();
  else AbortSignal.timeout(PATIENCE_MS).addEventListener('abort', tooLong);
  const left = await keeper?.close(unfinished ? 'held' : 'free');
  if (!unfinished) store.release(lease);
  return left;
}

const PATIENCE_MS = 10_000;

/** Waits until nobody holds the stack on its engine, without taking it. */
export async function untilFree(lock: Pick<EngineLock, 'ownerOf'>, project: string, asked: Patience): Promise<void> {
  await patiently(asked, async () => {
    const owner = await lock.ownerOf(project);
    return owner === undefined || lifeOf(owner, asked.store) === false ? { got: undefined } : { held: owner };
  });
}

export type Patience = Pick<Wanted, 'store' | 'waiting' | 'clock' | 'signal'> & { until: number };

/** A no-go changes nothing, and what is about the whole engine holds no stack. */
function touchesAStack({ plan }: Wanted['program']): boolean {
  return plan.stack.project !== '' && plan.verdict !== 'no-go';
}

async function takeOnEngine(wanted: Wanted & Patience, lease: Lease, lock: EngineLock): Promise<LockKeeper> {
  const { program, store, state_dir, env, clock } = wanted;
  const owner = lockOwner({ program, process: lease.holder, state_dir, since: lease.since, env });
  const hold = await patiently(wanted, () => lock.take(owner, (each) => lifeOf(each, store) === false));
  return keepLock(lock, hold, clock);
}

/** Asks again until the time is over, as long as what stands in the way can end by itself. */
async function patiently<T>(asked: Patience, ask: () => Promise<{ got: T } | { held: LockOwner }>): Promise<T> {
  const { store, waiting, clock, signal, until } = asked;
  let told = '';
  for (;;) {
    signal.throwIfAborted();
    const tried = await ask();
    if ('got' in tried) return tried.got;
    const { held } = tried;
    const refusal = heldElsewhere(held, lifeOf(held, store), clock.now());
    const left = until - clock.now();
    if (left <= 0 || isInside(held)) throw refusal;
    if (told !== held.token) waiting(refusal.message);
    told = held.token;
    await clock.sleep(Math.min(left, POLL), signal);
  }
}

/** The engine may be far away. */
const POLL = 500;
