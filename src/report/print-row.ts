import { formatDuration } from '../playbook/duration.ts';
import { beside, columnsOf, padLeft, padTo, wrap } from './layout.ts';
import type { Mark, Row } from './rows.ts';
import type { Style } from './style.ts';

/** Further lines of a row: so many, or a failing build would fill the screen. */
const mostLines = 12;

/** A row for a terminal: the mark, the name, the sentence, and the time at the right edge. */
export function printRow(row: Row, names: number, style: Style): string[] {
  const time = timeOf(row);
  const label = `  ${row.mark} ${padTo(row.name, names)}  `;
  const [first = '', ...rest] = beside(label, row.text, style.width - (time === '' ? 0 : 10));
  const gap = time === '' ? '' : padLeft(time, style.width - columnsOf(first));
  const painted = `  ${paintMark(row.mark, style)}${first.slice(3)}${style.quiet(gap)}`;
  return [painted, ...rest, ...explanation(row, columnsOf(label), style)];
}

/** A row for a file: one line and no colours; what explains it follows, indented. */
export function plainRow(row: Row, names: number): string[] {
  const time = timeOf(row) === '' ? '' : `  (${timeOf(row)})`;
  const [first = '', ...rest] = row.text.split('\n');
  const lines = [...rest, ...shortened(row.more ?? [])].map((line) => `${' '.repeat(names + 4)}${line}`);
  return [`${row.mark} ${padTo(row.name, names)}  ${first}${time}`, ...lines];
}

/** How many columns the names of steps need. */
export function nameColumns(ids: readonly string[]): number {
  return Math.min(20, Math.max(8, ...ids.map(columnsOf)));
}

/** What took no time worth naming has none. */
function timeOf({ ms }: Row): string {
  return ms === undefined || ms < 50 ? '' : formatDuration(ms);
}

function explanation(row: Row, indent: number, style: Style): string[] {
  const lines = shortened(row.more ?? []).flatMap((line) => wrap(line, style.width - indent));
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [`… ${lines.length - mostLines} lines before`, ...lines.slice(-mostLines)];
}

function paintMark(mark: Mark, style: Style): string {
  if (mark === '✓') return style.good(mark);
  if (mark === '✗') return style.bad(mark);
  if (mark === '↺' || mark === '!') return style.warn(mark);
  return mark === '?' ? style.note(mark) : style.quiet(mark);
}
