import type { RunState } from '../engine/run-state.ts';
import { closingLines, wentWrong } from './closing.ts';
import { goingOn, withGlimpse } from './going-on.ts';
import { type Happening, happeningLines } from './happening.ts';
import { clip, wrap } from './layout.ts';
import { namesInRun } from './names.ts';
import { printRow } from './print-row.ts';
import { createScreen } from './screen.ts';
import type { Style } from './style.ts';
import { createTelling } from './telling.ts';
import { watchingLine } from './trigger-rows.ts';
import type { ReporterOptions, View } from './view.ts';

/** The widest a line gets, so that the times on the right stay near what they belong to. */
const widest = 110;

/** Between two drawings at least; what changes more often is drawn by the next tick. */
const calm = 100;
const tick = 500;

/** The live view: what has ended stays as rows, what goes on is redrawn below them. */
export function terminalReporter(options: ReporterOptions): View {
  const { plan, now } = options;
  const names = namesInRun(plan, ['compare']);
  const telling = createTelling(plan);
  const screen = createScreen(options.out, options.columns);
  let happenings: Happening[] = [];
  let watching = '';
  let drawnAt = 0;
  const stop = (options.every ?? interval)(tick, () => draw());

  function style(): Style {
    return { ...options.style, width: Math.max(20, Math.min(widest, options.columns() - 1)) };
  }

  function draw(rows: readonly string[] = []): void {
    drawnAt = now();
    screen.show(rows, live());
  }

  /** Each line fits the width, so that it can be drawn over. */
  function live(): string[] {
    const view = { names, style: style(), now: drawnAt };
    const lines = happenings.flatMap((each) => happeningLines(each, view));
    if (lines.length === 0 || watching === '') return lines;
    return [...lines, view.style.quiet(clip(' '.repeat(names + 6) + watching, view.style.width))];
  }

  return {
    event(event, state) {
      happenings = goingOn(happenings, { event, state, plan });
      watching = state ? watchingLine(state) : '';
      draw(telling.rows(event, state).flatMap((row) => printRow(row, names, style())));
    },
    glimpse(glimpse) {
      if (!happenings.some((each) => each.step === glimpse.step)) return;
      happenings = withGlimpse(happenings, glimpse);
      if (now() - drawnAt >= calm) draw();
    },
    close(state) {
      stop();
      happenings = [];
      const rest = telling.rest().flatMap((row) => printRow(row, names, style()));
      draw(state ? [...rest, '', ...closing(state, style())] : rest);
    },
  };
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
