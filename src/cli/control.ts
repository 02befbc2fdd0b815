import type { Actor } from '../engine/events.ts';
import type { Control } from '../engine/ports.ts';

/** How a run is stopped from outside: by signals, and by a request that another process left in the store. */
export type LiveControl = Control & { close(): void };

export type ControlOptions = {
  actor: Actor;
  /** The request that `playbook cancel` leaves; looked for twice a second, and when this process is woken. */
  cancelAsked(): Actor | undefined;
  /** Told when somebody asked to stop: at first the run puts everything back, the second time it is left as it is. */
  notify(what: 'undoing' | 'leaving'): void;
};

/** Says "look now" to a process that carries a run; it is no second Ctrl-C, however often it comes. */
export const WAKE_SIGNAL = 'SIGUSR2';

export function watchForStop({ actor, cancelAsked, notify }: ControlOptions): LiveControl {
  const cancel = new AbortController();
  const abandon = new AbortController();
  const stop = (controller: AbortController, by: Actor, what: 'undoing' | 'leaving') => {
    controller.abort(by);
    notify(what);
  };
  const onSignal = () => {
    if (!cancel.signal.aborted) stop(cancel, actor, 'undoing');
    else if (!abandon.signal.aborted) stop(abandon, actor, 'leaving');
  };
  const look = () => {
    const by = cancel.signal.aborted ? undefined : cancelAsked();
    if (by !== undefined) stop(cancel, by, 'undoing');
  };
  const poll = setInterval(look, POLL_MS);
  // The run keeps the process alive, not the look for requests.
  poll.unref();
  for (const signal of STOPPING) process.on(signal, onSignal);
  // Without a listener these two would end the process, so they stay to its end: a late wake-up must not kill it.
  process.on('SIGHUP', ignore);
  process.on(WAKE_SIGNAL, look);
  return {
    cancel: cancel.signal,
    abandon: abandon.signal,
    close() {
      clearInterval(poll);
      for (const signal of STOPPING) process.off(signal, onSignal);
      process.on(WAKE_SIGNAL, ignore);
      process.off(WAKE_SIGNAL, look);
    },
  };
}

const POLL_MS = 500;
const STOPPING = ['SIGINT', 'SIGTERM'] as const;

// A closed terminal must not leave a run half-done: it goes on.
function ignore(): void {}
