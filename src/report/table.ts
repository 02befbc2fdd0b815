import { columnsOf, padTo } from './layout.ts';

/** Columns set out below their titles, two blanks between them; a column nobody has anything for is left out. */
export function printTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const used = titles.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const lines = [titles, ...rows].map((row) => row.filter((_, column) => used[column] === true));
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((row) => columnsOf(row[column] ?? ''))));
  return lines.map((row) =>
    row
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
