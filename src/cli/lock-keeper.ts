import type { RunEventBody } from '../engine/events.ts';
import type { Journal } from '../engine/ports.ts';
import { Refusal } from '../errors.ts';
import type { Clock } from '../runner/contract.ts';
import type { EngineLock, LockHold, LockOwner } from '../runner/engine-lock.ts';
import { sayOwner } from './lock-owner.ts';

/** Looks after the lock on the engine while a run goes on. */
export type LockKeeper = {
  /** Aborted once the lock is another run's; its reason is the refusal that says whose. */
  readonly lost: AbortSignal;
  /** The same journal, but whatever a change follows on is stored only while the lock still stands. */
  fence(journal: Journal): Journal;
  /** Stops looking, and gives the lock back where it is not to stay. Says why where that could not be done. */
  close(leave: 'free' | 'held'): Promise<string | undefined>;
};

/**
 * Nobody can be kept from removing a volume by hand, and `docker volume prune -a` does. So the lock is looked at before
 * every change and once a second besides: one that is gone is put back, and a run that another one took it from stops.
 */
export function keepLock(lock: EngineLock, taken: LockHold, clock: Clock): LockKeeper {
  let hold = taken;
  const lost = new AbortController();
  const closing = new AbortController();

  async function check(): Promise<void> {
    lost.signal.throwIfAborted();
    // An engine that does not answer cannot be changed either.
    const seen = await lock.keep(hold).catch(() => undefined);
    if (seen === undefined) return;
    if ('kept' in seen) hold = seen.kept;
    else if (!lost.signal.aborted) lost.abort(lostTo(hold.owner, seen.lost, clock.now()));
    lost.signal.throwIfAborted();
  }

  async function look(): Promise<void> {
    while (!lost.signal.aborted) {
      await clock.sleep(EVERY_MS, closing.signal);
      await check();
    }
  }
  // It ends with the signal or with the lock; both are told by other ways.
  const looking = look().catch(() => undefined);

  return {
    lost: lost.signal,
    fence: (journal) => ({
      async append(event) {
        lost.signal.throwIfAborted();
        if (CHANGES_FOLLOW.has(event.type)) await check();
        return journal.append(event);
      },
    }),
    async close(leave) {
      closing.abort();
      await looking;
      if (leave === 'held') return undefined;
      return lock.release(hold).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    },
  };
}

const EVERY_MS = 1_000;

/** Events after which something is changed before the next one is stored. */
const CHANGES_FOLLOW: ReadonlySet<RunEventBody['type']> = new Set<RunEventBody['type']>([
  'run.started',
  'run.continued',
  'step.started',
  'step.ended',
  'receipt.recorded',
  'receipt.undoing',
  'receipt.undone',
  'receipt.settled',
  'pivot.passed',
]);

function lostTo({ run, project }: LockOwner, now: LockOwner | undefined, at: number): Refusal {
  const who = now === undefined ? 'somebody removed it' : sayOwner(now, at);
  return new Refusal(
    'locked',
    `Run ${run} no longer holds ${project}: its lock on the engine was removed, and ${who}. It stops here and changes nothing more.`,
    { hint: `\`playbook show ${run}\` shows how far it came.` },
  );
}
