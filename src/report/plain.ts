import { batchOf } from '../engine/batch-name.ts';
import type { RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import { closingLines, mustBeTold } from './closing.ts';
import { namesInRun } from './names.ts';
import { plainRow } from './print-row.ts';
import { sayProgress } from './progress.ts';
import { isBlock, rowName } from './row-name.ts';
import type { Row } from './rows.ts';
import { stackName } from './stack-name.ts';
import { createTelling } from './telling.ts';
import type { ReporterOptions, View } from './view.ts';

/** So often at most a long pull or build says how far it is. */
const progressEvery = 15_000;

/** One line per event, each with its time (UTC): for pipes, logs and the journal of a system. */
export function plainReporter({ out, plan, now }: ReporterOptions): View {
  const names = namesInRun(plan);
  const telling = createTelling(plan);
  let batch: string | undefined;
  let progressAt = now();
  let lastAt = now();
  const write = (at: number, row: Row) => {
    const [first = '', ...more] = plainRow(row, names);
    out([`${stamp(at)}  ${first}`, ...more.map((line) => ' '.repeat(22) + line)].map((line) => `${line}\n`).join(''));
  };
  return {
    event(event, state) {
      lastAt = event.at;
      for (const row of telling.rows(event, state)) write(event.at, row);
      const begins = begun(event, state);
      // The steps of a batch are told when it is over: that it has begun is said once.
      const known = 'step' in event && state && event.step !== undefined ? batchOf(state, event.step)?.key : undefined;
      if (begins && (known === undefined || known !== batch)) write(event.at, begins);
      if (event.type === 'step.started') batch = known;
    },
    // Lines are shown when they come; the events that store them come some lines later.
    glimpse(glimpse, state) {
      const { name, prefix } = rowName(state, 'steps', glimpse.step);
      if (glimpse.type === 'line') return write(now(), { mark: '·', name, text: prefix + glimpse.line.trim() });
      if (now() - progressAt < progressEvery) return;
      progressAt = now();
      write(progressAt, { mark: '·', name, text: prefix + sayProgress(glimpse) });
    },
    close(state) {
      for (const row of telling.rest()) write(lastAt, row);
      out(closing(state));
    },
  };
}

/** Nothing, unless somebody has to look at it: then how it ended and what to do. */
export function quietReporter({ out }: Pick<ReporterOptions, 'out'>): View {
  return {
    event() {},
    glimpse() {},
    close: (state) => out(state && mustBeTold(state) ? closing(state) : ''),
  };
}

function begun(event: RunEvent, state: RunState | undefined): Row | undefined {
  if (event.type === 'run.created')
    return {
      mark: '›',
      name: 'run',
      text: `${event.run}: ${event.playbook} on ${stackName(event.project)}, plan ${event.plan_id}`,
    };
  if (event.type === 'undo.started') return { mark: '↺', name: 'undo', text: turningBack(event) };
  if (event.type !== 'step.started' || isBlock(event)) return undefined;
  if (state && batchOf(state, event.step))
    return { mark: '›', name: rowName(state, 'steps', event.step).name, text: 'begins' };
  const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
  const name = event.phase === 'verify' ? event.step : rowName(state, event.phase, event.step).name;
  return { mark: '›', name, text: `${event.uses}${event.phase === 'verify' ? ' as a check' : ''}${again}` };
}

function turningBack({ trigger, cause }: RunEvent & { type: 'undo.started' }): string {
  return trigger === undefined ? `turning back (${cause})` : `turning back, as ${trigger} tripped`;
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
