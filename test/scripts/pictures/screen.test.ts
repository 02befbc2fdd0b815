import { describe, expect, test } from 'vitest';
import { type Row, screenOf } from '../../../scripts/pictures/screen.ts';
import { createScreen } from '../../../src/report/screen.ts';
import { colourStyle } from '../../../src/report/style.ts';

const ESC = '\u001b';

const shown = (written: string, columns = 20): string[] => screenOf(written, columns).map(textOf);

function textOf(row: Row): string {
  return Array.from(row, (cell) => cell?.letter ?? ' ').join('');
}

describe('the screen', () => {
  const cases: [string, string, string[]][] = [
    ['keep lines and the empty ones between them', 'one\r\n\r\ntwo\r\n', ['one', '', 'two']],
    ['write over a line after a return', 'abc\rX', ['Xbc']],
    ['go down only on a line feed', 'ab\nc', ['ab', '  c']],
    ['go up and clear what was below', `one\r\ntwo\r\nthree\r\n\r${ESC}[2A${ESC}[Jnew\r\n`, ['one', 'new']],
    ['clear from the column on', `abcd\r\nef${ESC}[A${ESC}[J`, ['ab']],
    ['stay where it is at the top', `a\r\n${ESC}[9Ab`, ['b']],
    ['break lines at its width', 'a'.repeat(25), ['a'.repeat(20), 'aaaaa']],
    ['stay on the line that is just full', `${'a'.repeat(20)}\r\nb`, ['a'.repeat(20), 'b']],
    ['give a wide letter two columns', '日本x', ['日 本 x']],
    ['break before a wide letter that does not fit', `${'a'.repeat(19)}日`, ['a'.repeat(19), '日 ']],
    ['keep a letter and its accents in one cell', 'e\u0301x', ['e\u0301x']],
  ];
  test.each(cases)('must %s', (_, written, rows) => expect(shown(written)).toEqual(rows));

  test('must know every colour that a report can have, and where it ends', () => {
    const style = colourStyle();
    const paints = { good: 'green', bad: 'red', warn: 'yellow', note: 'cyan' } as const;
    for (const [name, colour] of Object.entries(paints))
      expect(screenOf(`${style[name as keyof typeof paints]('x')}y`, 20)).toEqual([
        [
          { letter: 'x', look: { colour } },
          { letter: 'y', look: {} },
        ],
      ]);
    const [row] = screenOf(`${style.strong('x')}${style.quiet('y')}`, 20);
    expect(row).toMatchObject([{ look: { bold: true } }, { look: { bold: false, dim: true } }]);
  });

  test('must end where the live view ends, with nothing left of what was drawn over', () => {
    let written = '';
    const live = createScreen(
      (text) => {
        written += text.replaceAll('\n', '\r\n');
      },
      () => 20,
    );
    live.show(['✓ pull'], ['› build  1 s', '  layer 1']);
    live.show([], ['› build  2 s']);
    live.show(['✓ build  2 s'], ['› up  0 s', '  a', '  b']);
    live.show(['✗ up', '', 'Failed.'], []);
    expect(shown(written)).toEqual(['✓ pull', '✓ build  2 s', '✗ up', '', 'Failed.']);
  });

  test.each([`${ESC}[2K`, `${ESC}[2J`, `${ESC}[38;5;1m`, `${ESC}]0;title\u0007`, '\u0008', '\t', '\u009b31m'])(
    'must refuse what no report writes: %j',
    (written) => expect(() => screenOf(`a${written}b`, 20)).toThrow(/the screen does not know/),
  );
});
