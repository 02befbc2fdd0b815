// biome-ignore lint/suspicious/noControlCharactersInRegex: of them only colours get as far as here.
const colour = /\u001b\[[\d;]*m/g;
// One column each and never joined with a neighbour: ASCII, Latin, punctuation, arrows, lines, check marks. Counted the fast way.
const isPlain =
  /^(?:[^\P{ASCII}\r]|[\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u2030-\u203b\u2190-\u2193\u21ba\u2500-\u257f\u2713\u2717])*$/u;
/** Made when it is needed: that takes as long as the rest of a short command. */
let known: Intl.Segmenter | undefined;
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** How many columns a text takes; colours take none, wide letters two. */
export function columnsOf(text: string): number {
  const visible = text.replaceAll(colour, '');
  if (isPlain.test(visible)) return visible.length;
  return letters(visible).reduce((sum, letter) => sum + columnsOfLetter(letter), 0);
}

/** Fills up with blanks on the right, up to the column. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Fills up with blanks on the left. */
export function padLeft(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;
}

/** Cuts an uncoloured text to the width, with an ellipsis where something was cut. Line feeds become blanks. */
export function clip(text: string, columns: number): string {
  const line = onOneLine(text).replaceAll('\t', ' ');
  if (columnsOf(line) <= columns) return line;
  if (columns < 1) return '';
  return `${firstColumns(line, columns - 1).trimEnd()}…`;
}

/** Line feeds become blanks, with the blanks around them one. */
export function onOneLine(text: string): string {
  const lines = text.split('\n');
  if (lines.length === 1) return text;
  const bare = lines.map((line, at) =>
    at === 0 ? line.trimEnd() : at < lines.length - 1 ? line.trim() : line.trimStart(),
  );
  return bare.filter((line) => line !== '').join(' ');
}

/** Breaks an uncoloured text at blanks into lines of at most `columns`; a word that is longer is broken. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(1, columns);
  return text.split('\n').flatMap((line) => wrapLine(line.replaceAll('\t', '  ').trimEnd(), room));
}

/** Sets a label and a text side by side; further lines of the text stand below its first. */
export function beside(label: string, text: string, width: number): string[] {
  const indent = columnsOf(label);
  const [first = '', ...rest] = wrap(text, width - indent);
  return [(label + first).trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** A left and a right text on one line; the right one on a line of its own where both do not fit. */
export function spread(left: string, right: string, width: number): string[] {
  if (right === '') return [left];
  const gap = width - columnsOf(left) - columnsOf(right);
  return gap >= 2 ? [left + ' '.repeat(gap) + right] : [left, padLeft(right, width)];
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S)(?=\s)/)) {
    if (columnsOf(current + word) <= columns) {
      current += word;
      continue;
    }
    if (current.trim() !== '') lines.push(current);
    const pieces = broken(word.trimStart(), columns);
    current = pieces.pop() ?? '';
    for (const piece of pieces) lines.push(piece);
  }
  return [...lines, current];
}

/** A word in pieces that fit; a letter that is wider than the line stands there all the same: it must not be lost. */
function broken(word: string, columns: number): string[] {
  if (word.length <= columns && isPlain.test(word)) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const { segment } of segments(word)) {
    const wanted = columnsOfLetter(segment);
    if (piece !== '' && used + wanted > columns) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += segment;
    used += wanted;
  }
  return [...pieces, piece];
}

function firstColumns(text: string, columns: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of segments(text)) {
    used += columnsOfLetter(segment);
    if (used > columns) break;
    taken += segment;
  }
  return taken;
}

function letters(text: string): string[] {
  return Array.from(segments(text), (part) => part.segment);
}

function segments(text: string): Iterable<{ segment: string }> {
  if (isPlain.test(text)) return Array.from(text, (segment) => ({ segment }));
  known ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return known.segment(text);
}

function columnsOfLetter(letter: string): number {
  return wide.test(letter) ? 2 : 1;
}
