import type { Place, Problem } from '../errors.ts';
import { coverSecrets } from '../runner/cover-secrets.ts';
import { sentence } from './sentence.ts';
import type { Style } from './style.ts';

/** Problems with the source line and a caret below it, as editors and people read them. Holds no colour but the style's. */
export function printProblems(problems: readonly Problem[], texts: ReadonlyMap<string, string>, style: Style): string {
  const shown = withoutSecrets(problems, texts);
  return problems.map((problem) => `${printProblem(problem, shown, style)}\n`).join('\n');
}

/** The line that holds a secret is shown, the secret is not: what is printed here ends in logs. */
function withoutSecrets(problems: readonly Problem[], texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const covered = new Map(texts);
  for (const { code, place } of problems) {
    const lines = place && covered.get(place.file)?.split('\n');
    if (code !== 'secret-in-plain' || !place || !lines) continue;
    const { line, column, length = 1 } = place;
    const [text = '', start] = [lines[line - 1], column - 1];
    lines[line - 1] = text.slice(0, start) + '*'.repeat(length) + text.slice(start + length);
    covered.set(place.file, lines.join('\n'));
  }
  return covered;
}

/** `file:line:col: message; hint [code]`, then the frame, then the other place. */
function printProblem(problem: Problem, texts: ReadonlyMap<string, string>, style: Style): string {
  const { place, other } = problem;
  const lines = [headline(problem, style)];
  if (place) lines.push(...frame(place, texts.get(place.file), style));
  if (other) {
    lines.push(`${written(other.place)}: ${other.message}`);
    lines.push(...frame(other.place, texts.get(other.place.file), style));
  }
  return lines.join('\n');
}

function headline({ place, code, message, hint, level }: Problem, style: Style): string {
  const at = place ? `${style.strong(written(place))}: ` : '';
  const mark = level === undefined || level === 'error' ? '' : `${MARKS[level](style)(level)}: `;
  return `${at}${mark}${message}${hint === undefined ? '' : joined(hint)} ${style.quiet(`[${code}]`)}`;
}

const MARKS = { warning: ({ warn }: Style) => warn, notice: ({ note }: Style) => note };

/** A hint that is a sentence of its own stands as one. */
function joined(hint: string): string {
  return /^[A-Z]/.test(hint) ? `. ${sentence(hint)}` : `; ${hint}`;
}

function written({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** How much of a long line is shown, and how much of it before the caret. */
const SHOWN = 100;
const BEFORE = 60;

function frame({ line, column, length = 1 }: Place, text: string | undefined, style: Style): string[] {
  const written = text?.split(/\r\n?|\n/)[line - 1];
  if (written === undefined || written.trim() === '') return [];
  const source = coverSecrets(written);
  const from = column - 1 > SHOWN - 20 ? column - 1 - BEFORE : 0;
  const cut = source.slice(from, from + SHOWN);
  const shown = `${from > 0 ? '…' : ''}${cut}${from + SHOWN < source.length ? '…' : ''}`;
  const gutter = `${line}`.padStart(4);
  const at = column - 1 - from + (from > 0 ? 1 : 0);
  // Tabs stay tabs below themselves, so that the caret stands where the eye looks.
  const indent = shown.slice(0, at).replaceAll(/[^\t]/g, ' ').padEnd(at);
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - at)));
  return [`${style.quiet(`${gutter} |`)} ${shown}`, `${style.quiet('     |')} ${indent}${style.bad(carets)}`];
}
