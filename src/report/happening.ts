import { formatDuration } from '../playbook/duration.ts';
import { clip, columnsOf, padLeft, padTo } from './layout.ts';
import type { Style } from './style.ts';

/** What goes on right now: a step, an undo, a pause. `until` is set where the end is known. */
export type Happening = {
  /** What stands before it; a check after an undo is called so, not by its step. */
  name: string;
  /** Whose glimpses it shows. */
  step?: string;
  since: number;
  say: string;
  /** Of a batch: what its steps have done so far, and which of them goes on. */
  so_far?: string;
  lead?: string;
  until?: number;
  tail: readonly string[];
};

/** A name that is longer leaves too little room for what goes on. */
const longestName = 28;

/** The lines of what goes on; each fits the width, so that they can be drawn over. */
export function happeningLines(
  { name, since, say, so_far = '', lead = '', until, tail }: Happening,
  view: { names: number; style: Style; now: number },
): string[] {
  const { names, style, now } = view;
  const time = until === undefined ? whole(now - since) : `${whole(until - now)} left`;
  const label = `  › ${padTo(clip(name, Math.max(names, longestName)), names)}  `;
  const text = fitted(so_far, lead + say, style.width - columnsOf(label) - 12);
  const right = padLeft(time, style.width - columnsOf(label) - columnsOf(text));
  const line = clip(label + text + right, style.width);
  const below = tail.map((each) => style.quiet(clip(`${' '.repeat(columnsOf(label))}${each.trim()}`, style.width)));
  return [style.strong(line.slice(0, columnsOf(label))) + line.slice(columnsOf(label)), ...below];
}

/** What goes on matters most: where there is no room for both, what has been done gives way. */
function fitted(before: string, now: string, columns: number): string {
  if (before === '') return clip(now, columns);
  const whole = `${before} · ${now}`;
  return columnsOf(whole) <= columns ? whole : clip(`… · ${now}`, columns);
}

/** Whole seconds: a figure that changes ten times a second is no calm one. */
function whole(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 10 ? `${seconds} s` : formatDuration(seconds * 1000);
}
