import type { Clock } from './ports.ts';

/** A signal that is aborted by the first of several causes; `release` ends its timers and listeners. */
export type Limit = { readonly signal: AbortSignal; release(): void };

/** Aborts when a parent does, or with `timeout.reason` when its time has passed. */
export function limit(
  clock: Clock,
  parents: readonly AbortSignal[],
  timeouts: readonly { ms: number; reason: Error }[],
): Limit {
  const aborted = new AbortController();
  const over = new AbortController();
  for (const parent of parents) follow(parent, aborted, over.signal);
  for (const { ms, reason } of timeouts) {
    clock.sleep(ms, over.signal).then(
      () => aborted.abort(reason),
      () => undefined, // released before its time
    );
  }
  return { signal: aborted.signal, release: () => over.abort() };
}

/** Waits for `work`; when the signal is aborted, it gets `grace` milliseconds to end by itself and is then left alone. */
export async function within<T>(clock: Clock, work: Promise<T>, signal: AbortSignal, grace: number): Promise<T> {
  const ended = new AbortController();
  const cut = new Promise<never>((_, reject) => {
    const giveUp = () => {
      clock.sleep(grace, ended.signal).then(
        () => reject(signal.reason),
        () => undefined, // the work has ended
      );
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true, signal: ended.signal });
  });
  return Promise.race([work, cut]).finally(() => ended.abort());
}

function follow(parent: AbortSignal, child: AbortController, until: AbortSignal): void {
  if (parent.aborted) child.abort(parent.reason);
  else parent.addEventListener('abort', () => child.abort(parent.reason), { once: true, signal: until });
}
