import type { Actor } from '../engine/events.ts';
import type { Control } from '../engine/ports.ts';

/** How a run is stopped from outside: by signals, and by a request that another process left in the store. */
export type LiveControl = Control & { close(): void };

export type ControlOptions = {
  actor: Actor;
  /** The request that `playbook cancel` leaves; looked for twice a second. */
  cancelAsked(): Actor | undefined;
  /** Told at the first signal: `undoing`, and at the second: `leaving`. */
  notify(what: 'undoing' | 'leaving'): void;
};

export function watchForStop({ actor, cancelAsked, notify }: ControlOptions): LiveControl {
  const cancel = new AbortController();
  const abandon = new AbortController();
  const onSignal = () => {
    if (!cancel.signal.aborted) {
      cancel.abort(actor);
      notify('undoing');
    } else if (!abandon.signal.aborted) {
      abandon.abort(actor);
      notify('leaving');
    }
  };
  const poll = setInterval(() => {
    const asked = cancel.signal.aborted ? undefined : cancelAsked();
    if (asked === undefined) return;
    cancel.abort(asked);
    notify('undoing');
  }, POLL_MS);
  // The run keeps the process alive, not the look for requests.
  poll.unref();
  for (const signal of STOPPING) process.on(signal, onSignal);
  process.on('SIGHUP', ignore);
  return {
    cancel: cancel.signal,
    abandon: abandon.signal,
    close() {
      clearInterval(poll);
      for (const signal of STOPPING) process.off(signal, onSignal);
      process.off('SIGHUP', ignore);
    },
  };
}

const POLL_MS = 500;
const STOPPING = ['SIGINT', 'SIGTERM'] as const;

// A closed terminal must not leave a run half-done: it goes on.
function ignore(): void {}
