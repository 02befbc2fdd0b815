import { columnsOf } from './layout.ts';

const up = (lines: number) => `\u001b[${lines}A`;
const clearBelow = '\u001b[J';

/** The lower end of a terminal: rows go up and stay, live lines below them are drawn over. */
export interface Screen {
  show(rows: readonly string[], live: readonly string[]): void;
}

/** Everything is written in one piece, so that nothing half-drawn is seen. */
export function createScreen(out: (text: string) => void, columns: () => number): Screen {
  let drawn: readonly string[] = [];
  return {
    show(rows, live) {
      if (rows.length === 0 && same(drawn, live)) return;
      const text = erase(drawn, columns()) + [...rows, ...live].map((line) => `${line}\n`).join('');
      drawn = live;
      if (text !== '') out(text);
    },
  };
}

/** A terminal that got narrower has broken the lines that were drawn: they take more rows than they were. */
function erase(drawn: readonly string[], columns: number): string {
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / Math.max(1, columns))), 0);
  return rows === 0 ? '' : `\r${up(rows)}${clearBelow}`;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
