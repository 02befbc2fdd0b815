import type { Problem } from '../../errors.ts';
import { allGuards } from '../outline.ts';
import type { Path } from '../path.ts';
import type { Reading } from '../reading.ts';

/** Ids name things in conditions, in the history and on the command line: each is used once. */
export function duplicateIds(reading: Reading): Problem[] {
  const { outline } = reading;
  return [
    ...repeated(reading, 'step', [...outline.steps, ...outline.blocks, ...outline.always]),
    ...repeated(reading, 'guard', allGuards(outline)),
    ...repeated(reading, 'trigger', outline.triggers),
  ];
}

function repeated(
  { locate }: Reading,
  what: string,
  items: readonly { path: Path; id: string | undefined }[],
): Problem[] {
  const first = new Map<string, Path>();
  const problems: Problem[] = [];
  for (const { id, path } of inOrder(items, locate)) {
    const at = [...path, 'id'];
    const before = id === undefined ? undefined : first.get(id);
    if (id !== undefined && !before) first.set(id, at);
    if (before)
      problems.push({
        code: 'duplicate-id',
        message: `there are two ${what}s with the id \`${id}\``,
        hint: 'rename one of them',
        place: locate.value(at),
        other: { place: locate.value(before), message: 'the first one' },
      });
  }
  return problems;
}

/** As they stand in the file. */
function inOrder<T extends { path: Path }>(items: readonly T[], locate: Reading['locate']): T[] {
  const placed = items.map((item) => ({ item, place: locate.value(item.path) }));
  return placed
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ item }) => item);
}
