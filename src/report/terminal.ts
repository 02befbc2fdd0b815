import type { RunEvent } from '../engine/events.ts';
import type { RunState } from '../engine/run-state.ts';
import { closingLines, wentWrong } from './closing.ts';
import { type Happening, happeningLines } from './happening.ts';
import { wrap } from './layout.ts';
import { nameColumns, printRow } from './print-row.ts';
import { sayProgress } from './progress.ts';
import { rowsOf } from './rows.ts';
import { createScreen } from './screen.ts';
import type { Style } from './style.ts';
import type { ReporterOptions, View } from './view.ts';

/** The widest a line gets, so that the times on the right stay near what they belong to. */
const widest = 110;

/** Between two drawings at least; what changes more often is drawn by the next tick. */
const calm = 100;
const tick = 500;

/** The live view: what has ended stays as rows, what goes on is redrawn below them. */
export function terminalReporter(options: ReporterOptions): View {
  const { plan, now } = options;
  const names = nameColumns(['compare', ...(plan?.steps.map((step) => step.id) ?? [])]);
  const screen = createScreen(options.out, options.columns);
  let happening: Happening | undefined;
  let undoing: number | undefined;
  let drawnAt = 0;
  const stop = (options.every ?? interval)(tick, () => draw());

  function style(): Style {
    return { ...options.style, width: Math.max(20, Math.min(widest, options.columns() - 1)) };
  }

  function draw(rows: readonly string[] = []): void {
    drawnAt = now();
    screen.show(rows, happening ? happeningLines(happening, { names, style: style(), now: drawnAt }) : []);
  }

  return {
    event(event, state) {
      if (event.type === 'receipt.undoing') undoing = event.at;
      happening = after(event, happening);
      const rows = rowsOf({ event, state, plan, undoing_at: undoing });
      draw(rows.flatMap((row) => printRow(row, names, style())));
    },
    glimpse(glimpse) {
      if (happening?.step !== glimpse.step) return;
      if (glimpse.type === 'progress') happening = { ...happening, say: sayProgress(glimpse) };
      else happening = { ...happening, tail: [...happening.tail, glimpse.line].slice(-3) };
      if (now() - drawnAt >= calm) draw();
    },
    close(state) {
      stop();
      happening = undefined;
      draw(state ? ['', ...closing(state, style())] : []);
    },
  };
}

/** What goes on after an event; undefined when nothing does. */
function after(event: RunEvent, now: Happening | undefined): Happening | undefined {
  switch (event.type) {
    case 'step.started':
      return {
        name: event.phase === 'verify' ? 'verify' : event.step,
        step: event.step,
        since: event.at,
        say: event.uses,
        tail: [],
      };
    case 'step.failed':
      return event.retry_at === undefined
        ? undefined
        : { name: event.step, since: event.at, say: 'waits for the next attempt', until: event.retry_at, tail: [] };
    case 'receipt.undoing':
      return { name: event.step, step: event.step, since: event.at, say: 'is taken back', tail: [] };
    case 'run.waiting':
      return { name: 'waiting', since: event.at, say: event.because, tail: [] };
    case 'step.ended':
    case 'receipt.undone':
    case 'receipt.undo_failed':
    case 'run.started':
    case 'run.parked':
    case 'run.ended':
      return undefined;
    default:
      return now;
  }
}

function closing(state: RunState, style: Style): string[] {
  const [headline = '', ...rest] = closingLines(state).map((line) => wrap(line, style.width));
  const paint = wentWrong(state) ? style.bad : style.good;
  return [...[headline].flat().map(paint), ...rest.flat()];
}

function interval(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms);
  timer.unref();
  return () => clearInterval(timer);
}
