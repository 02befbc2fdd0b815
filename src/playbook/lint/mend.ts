import type { Mend, Problem } from '../../errors.ts';

/** The text after what can be mended in it was, and how much that was. Of mends that overlap the first one is made. Pure. */
export function mended(text: string, problems: readonly Problem[]): { text: string; mends: number } {
  const starts = lineStarts(text);
  const edits = problems.flatMap(({ mend }) => (mend ? [editOf(mend, starts)] : []));
  let result = '';
  let done = 0;
  let mends = 0;
  for (const { from, to, by } of edits.toSorted((one, other) => one.from - other.from)) {
    if (from < done) continue;
    result += text.slice(done, from) + by;
    done = to;
    mends += 1;
  }
  return { text: result + text.slice(done), mends };
}

type Edit = { from: number; to: number; by: string };

function editOf({ place: { line, column, length = 0 }, text }: Mend, starts: readonly number[]): Edit {
  const from = (starts[line - 1] ?? 0) + column - 1;
  return { from, to: from + length, by: text };
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
