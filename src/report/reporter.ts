import type { RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import { applyEvent, initialState } from '../engine/state.ts';
import { clean } from './clean.ts';
import { jsonReporter } from './json.ts';
import { plainReporter, quietReporter } from './plain.ts';
import { terminalReporter } from './terminal.ts';
import type { Reporter, ReporterOptions, View } from './view.ts';

/** The view that was asked for, fed with cleaned events and the state after each. */
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
