import type { Glimpse, RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import { applyEvent, initialState } from '../engine/state.ts';
import type { Plan } from '../plan/types.ts';
import { clean } from './clean.ts';
import { jsonReporter } from './json.ts';
import { plainReporter, quietReporter } from './plain.ts';
import type { Style } from './style.ts';
import { terminalReporter } from './terminal.ts';

/** Shows a run while it lasts. Give it every event, in order, and close it at the end. */
export interface Reporter {
  watch(event: RunEvent | Glimpse): void;
  /** Writes what is left to say; nothing is shown after that. */
  close(): void;
}

export type ReporterOptions = {
  mode: 'terminal' | 'plain' | 'json' | 'quiet';
  /** Must not throw: losing the terminal loses nothing of the run. */
  out(text: string): void;
  style: Style;
  /** Columns of the terminal now: it may be resized. */
  columns(): number;
  now(): number;
  plan?: Plan | undefined;
  /** Of a run that is taken up again: its state so far. It is copied, not changed. */
  state?: RunState | undefined;
  /** Calls back at intervals until the returned function is called; for tests. */
  every?: (ms: number, call: () => void) => () => void;
};

/** What a view gets: the event, cleaned, and the state after it (undefined where the beginning was not seen). */
export interface View {
  event(event: RunEvent, state: RunState | undefined): void;
  glimpse(glimpse: Glimpse, state: RunState | undefined): void;
  close(state: RunState | undefined): void;
}

export function createReporter(options: ReporterOptions): Reporter {
  if (options.mode === 'json') return jsonReporter(options);
  const view = viewFor(options);
  let state = options.state && structuredClone(options.state);
  return {
    watch(given) {
      const event = clean(given);
      if (!('seq' in event)) return view.glimpse(event, state);
      state = follow(state, event);
      view.event(event, state);
    },
    close: () => view.close(state),
  };
}

function viewFor(options: ReporterOptions): View {
  if (options.mode === 'terminal') return terminalReporter(options);
  return options.mode === 'plain' ? plainReporter(options) : quietReporter(options);
}

function follow(state: RunState | undefined, event: RunEvent): RunState | undefined {
  if (event.type === 'run.created') return initialState(event);
  return state && applyEvent(state, event);
}
