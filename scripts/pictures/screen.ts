import { columnsOf } from '../../src/report/layout.ts';

/** How a letter looks: what the style of the reports can do, and no more. */
export type Look = { colour?: 'red' | 'green' | 'yellow' | 'cyan'; bold?: boolean; dim?: boolean };

/** A letter in its place; the second column of a wide one is empty, as is what was never written on. */
export type Cell = { letter: string; look: Look };
export type Row = readonly (Cell | undefined)[];

/** What a terminal of so many columns shows once all of this was written, scrolled lines included. */
export function screenOf(written: string, columns: number): Row[] {
  const screen: Screen = { rows: [], row: 0, column: 0, columns, look: {} };
  for (const part of written.split(sequence)) {
    if (part in moves) moves[part]?.(screen);
    else if (part.startsWith(ESCAPE)) obey(screen, part);
    else for (const { segment } of letters.segment(part)) put(screen, segment);
  }
  return Array.from(screen.rows, (row) => Array.from(row ?? []));
}

type Screen = { rows: (Cell | undefined)[][]; row: number; column: number; columns: number; look: Look };

const ESCAPE = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told is made of them.
const sequence = /(\u001b\[[\d;]*[A-Za-z]|[\r\n])/;
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

const moves: Readonly<Record<string, (screen: Screen) => void>> = {
  '\r': (screen) => {
    screen.column = 0;
  },
  '\n': (screen) => {
    screen.row += 1;
  },
};

/** A sequence that is not known is an error: whoever gives the reports a new one has to teach it here. */
function obey(screen: Screen, text: string): void {
  const kind = text.at(-1);
  const numbers = text.slice(2, -1).split(';').map(Number);
  if (kind === 'm') for (const code of numbers) screen.look = lookAfter(screen.look, code);
  else if (kind === 'A') screen.row = Math.max(0, screen.row - Math.max(1, numbers[0] ?? 1));
  else if (kind === 'J' && text.length === 3) clearBelow(screen);
  else throw unknown(text);
}

function lookAfter(look: Look, code: number): Look {
  const change = changes[code];
  if (!change) throw unknown(`${ESCAPE}[${code}m`);
  return code === 0 ? {} : { ...look, ...change };
}

const changes: Readonly<Record<number, Look>> = {
  0: {},
  1: { bold: true },
  2: { dim: true },
  22: { bold: false, dim: false },
  31: { colour: 'red' },
  32: { colour: 'green' },
  33: { colour: 'yellow' },
  36: { colour: 'cyan' },
  39: { colour: undefined },
};

function clearBelow({ rows, row, column }: Screen): void {
  rows.length = Math.min(rows.length, row + 1);
  const current = rows[row];
  if (current) current.length = Math.min(current.length, column);
}

function put(screen: Screen, letter: string): void {
  if (/\p{Cc}/u.test(letter)) throw unknown(letter);
  const wide = columnsOf(letter);
  if (screen.column + wide > screen.columns) {
    screen.row += 1;
    screen.column = 0;
  }
  const row = screen.rows[screen.row] ?? [];
  screen.rows[screen.row] = row;
  row[screen.column] = { letter, look: screen.look };
  for (let more = 1; more < wide; more += 1) row[screen.column + more] = undefined;
  screen.column += wide;
}

function unknown(text: string): Error {
  return new Error(`the screen does not know ${JSON.stringify(text)}`);
}
