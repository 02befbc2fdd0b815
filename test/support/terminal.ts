import { columnsOf } from '../../src/report/layout.ts';

/** A terminal as far as the live view uses one: it breaks long lines, moves up, clears below, and is broken anew when resized. */
export interface Terminal {
  readonly columns: number;
  write(text: string): void;
  resize(columns: number): void;
  /** What stands on the screen, without the empty line the cursor is on. */
  lines(): string[];
  /** How often something was written. */
  writes(): number;
}

export function createTerminal(initial: number): Terminal {
  let columns = initial;
  let count = 0;
  let rows: string[] = [''];

  function put(line: string): void {
    let current = rows.pop() ?? '';
    let used = columnsOf(current);
    for (const letter of line) {
      const wide = columnsOf(letter);
      if (used + wide > columns) {
        rows.push(current);
        current = '';
        used = 0;
      }
      current += letter;
      used += wide;
    }
    rows.push(current);
  }

  return {
    get columns() {
      return columns;
    },
    write(text) {
      if (text === '') return;
      count += 1;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the movements that the live view may use, and no others.
      for (const part of text.split(/(\u001b\[\d*[AJ]|\n|\r)/)) {
        if (part === '\n') rows.push('');
        else if (part === '\r' || part === '\u001b[J') continue;
        else if (part.startsWith('\u001b')) rows = [...rows.slice(0, -1 - Number.parseInt(part.slice(2), 10)), ''];
        else if (part.includes('\u001b')) throw new Error(`an escape sequence got through: ${JSON.stringify(part)}`);
        else put(part);
      }
    },
    resize(wanted) {
      columns = wanted;
      const before = rows;
      rows = [];
      for (const row of before) {
        rows.push('');
        put(row);
      }
    },
    lines: () => rows.slice(0, -1),
    writes: () => count,
  };
}
