import { plainText } from '../runner/plain-text.ts';

/** Evidence as it was kept; `place` is the file in which all of it can be read. */
export type KeptText = { name: string; text: string; place?: string };

/** Logs first, by their ends: what a log says there is why it failed. */
export function printEvidence(kept: readonly KeptText[]): string {
  const parts = kept.map((each) => {
    const lines = plainText(each.text).trimEnd().split('\n');
    const isLog = each.name.endsWith('.log');
    const rank = isLog ? 0 : lines.length > mostLines ? 2 : 1;
    const body = each.place === undefined ? `\n${lines.join('\n')}` : isLog ? endOf(lines) : wholeOf(lines);
    return { rank, text: `── ${plainText(each.place ?? each.name)}${body}\n` };
  });
  return parts
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ text }) => text)
    .join('\n');
}

const mostLines = 60;

function endOf(lines: readonly string[]): string {
  const before = lines.length - mostLines;
  return `${before > 0 ? `  (${before} lines before these)` : ''}\n${lines.slice(-mostLines).join('\n')}`;
}

/** What is long is for other programs: its place is enough. */
function wholeOf(lines: readonly string[]): string {
  return lines.length > mostLines ? `  (${lines.length} lines)` : `\n${lines.join('\n')}`;
}
