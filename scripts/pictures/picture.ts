import { columnsOf } from '../../src/report/layout.ts';
import type { Look, Row } from './screen.ts';

/** `title` is read out where nobody sees the picture; `caption` stands in the bar of the window. */
export type Shown = { title: string; caption: string; rows: readonly Row[]; columns: number };

/** A window of a terminal as an SVG that needs nothing but a monospaced font, whichever the viewer has. */
export function pictureOf({ title, caption, rows, columns }: Shown): string {
  const width = round(columns * CELL + 2 * MARGIN);
  const height = BAR + rows.length * LINE + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="window" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9"/>
${['red', 'yellow', 'green'].map(button).join('')}
<text class="dim middle" x="${width / 2}" y="23">${escaped(caption)}</text>
<g>
${rows.flatMap((row, at) => rowOf(row, BAR + at * LINE + ASCENT)).join('\n')}
</g>
</svg>
`;
}

const CELL = 8.4;
const LINE = 19;
const ASCENT = 14;
const BAR = 42;
const MARGIN = 18;

/** The colours are told apart, and read, on the window's own ground: what the page around it has does not matter. */
const STYLE = `
text{font:14px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:#e6edf3}
.window{fill:#0d1117;stroke:#3d444d}
.middle{text-anchor:middle}
.bold{font-weight:bold}
.dim{fill:#9198a1}
.red{fill:#ff7b72}
.green{fill:#56d364}
.yellow{fill:#e3b341}
.cyan{fill:#56d4dd}
`;

function button(colour: string, at: number): string {
  return `<circle class="${colour}" cx="${MARGIN + 4 + at * 20}" cy="18" r="6"/>`;
}

/**
 * Each piece is told where it begins and how wide it is, so that columns stay in line whatever font it is drawn in. What few
 * monospaced fonts have, as check marks, comes from another font and has a width of its own: it stands alone, in the
 * middle of its cell.
 */
function rowOf(row: Row, y: number): string[] {
  return piecesOf(row).map(({ text, from, wide, look }) => {
    const names = [look.bold ? 'bold' : '', look.dim ? 'dim' : '', look.colour ?? ''];
    if (isUsual(text)) return textAt(text, names, { x: from * CELL, y, length: wide * CELL });
    return textAt(text, [...names, 'middle'], { x: (from + wide / 2) * CELL, y });
  });
}

function textAt(text: string, names: readonly string[], place: { x: number; y: number; length?: number }): string {
  const list = names.filter((name) => name !== '').join(' ');
  const looks = list === '' ? '' : ` class="${list}"`;
  const length = place.length === undefined ? '' : ` textLength="${round(place.length)}"`;
  return `<text x="${round(MARGIN + place.x)}" y="${place.y}"${length}${looks}>${escaped(text)}</text>`;
}

type Piece = { text: string; from: number; wide: number; look: Look };

/** Letters of one look that follow each other; one blank may be between them, as XML joins several. */
function piecesOf(row: Row): Piece[] {
  const pieces: Piece[] = [];
  for (const [at, cell] of row.entries()) {
    if (!cell || cell.letter === ' ') continue;
    const { letter, look } = cell;
    const last = pieces.at(-1);
    const gap = last ? at - last.from - last.wide : 0;
    if (last && gap <= 1 && goesOn(last, letter, look)) {
      last.text += ' '.repeat(gap) + letter;
      last.wide += gap + columnsOf(letter);
    } else pieces.push({ text: letter, from: at, wide: columnsOf(letter), look });
  }
  return pieces;
}

function goesOn(last: Piece, letter: string, look: Look): boolean {
  const same = last.look.colour === look.colour && !last.look.bold === !look.bold && !last.look.dim === !look.dim;
  return same && isUsual(last.text) && isUsual(letter);
}

/** In every monospaced font: ASCII and Latin. */
function isUsual(text: string): boolean {
  return /^[ -\u00ff]*$/.test(text);
}

/** What XML must not hold at all is shown as what it is: not a letter. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\n]|[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
