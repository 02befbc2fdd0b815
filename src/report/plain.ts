import type { RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import { closingLines, wentWrong } from './closing.ts';
import { nameColumns, plainRow } from './print-row.ts';
import { sayProgress } from './progress.ts';
import { type Row, rowsOf } from './rows.ts';
import type { ReporterOptions, View } from './view.ts';

/** So often at most a long pull or build says how far it is. */
const progressEvery = 15_000;

/** One line per event, each with its time (UTC): for pipes, logs and the journal of a system. */
export function plainReporter({ out, plan, now }: ReporterOptions): View {
  const names = nameColumns(plan?.steps.map((step) => step.id) ?? []);
  let undoing: number | undefined;
  let progressAt = now();
  const write = (at: number, row: Row) => {
    const [first = '', ...more] = plainRow(row, names);
    out([`${stamp(at)}  ${first}`, ...more.map((line) => ' '.repeat(22) + line)].map((line) => `${line}\n`).join(''));
  };
  return {
    event(event, state) {
      if (event.type === 'receipt.undoing') undoing = event.at;
      for (const row of [...begun(event), ...rowsOf({ event, state, plan, undoing_at: undoing })]) write(event.at, row);
    },
    // Lines are shown when they come; the events that store them come some lines later.
    glimpse(glimpse) {
      if (glimpse.type === 'line') return write(now(), { mark: '·', name: glimpse.step, text: glimpse.line.trim() });
      if (now() - progressAt < progressEvery) return;
      progressAt = now();
      write(progressAt, { mark: '·', name: glimpse.step, text: sayProgress(glimpse) });
    },
    close: (state) => out(closing(state)),
  };
}

/** Nothing, unless somebody has to look at it: then how it ended and what to do. */
export function quietReporter({ out }: Pick<ReporterOptions, 'out'>): View {
  return {
    event() {},
    glimpse() {},
    close: (state) => out(state && wentWrong(state) ? closing(state) : ''),
  };
}

function begun(event: RunEvent): Row[] {
  if (event.type === 'run.created')
    return [
      { mark: '›', name: 'run', text: `${event.run}: ${event.playbook} on ${event.project}, plan ${event.plan_id}` },
    ];
  if (event.type === 'undo.started') return [{ mark: '↺', name: 'undo', text: `turning back (${event.cause})` }];
  if (event.type !== 'step.started') return [];
  const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
  return [
    { mark: '›', name: event.step, text: `${event.uses}${event.phase === 'verify' ? ' as a check' : ''}${again}` },
  ];
}

function closing(state: RunState | undefined): string {
  return state
    ? closingLines(state)
        .map((line) => `${line}\n`)
        .join('')
    : '';
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
