import type { Glimpse, RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import type { Plan } from '../plan/types.ts';
import type { Style } from './style.ts';

/** Shows a run while it lasts. Give it every event, in order, and close it at the end. */
export interface Reporter {
  watch(event: RunEvent | Glimpse): void;
  /** Writes what is left to say; nothing is shown after that. */
  close(): void;
}

/** What every view of a run is made from. */
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
