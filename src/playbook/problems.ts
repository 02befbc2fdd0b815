import type { Place, Problem } from '../errors.ts';
import type { Locator } from './locate.ts';
import type { ShapeFault } from './shape-fault.ts';

/** Faults of a shape as problems with their places. */
export function locateFaults(faults: readonly ShapeFault[], locate: Locator): Problem[] {
  return faults.map(({ code, path, at, message, hint, span }) => ({
    code,
    message,
    ...(hint !== undefined && { hint }),
    place: at === 'key' ? locate.key(path) : span ? locate.inside(path, span.start, span.end) : locate.value(path),
  }));
}

/** Whether a playbook with this problem cannot be used. */
export function isError({ level = 'error' }: Pick<Problem, 'level'>): boolean {
  return level === 'error';
}

/** By place, then by code; the same thing said twice is said once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const sorted = problems.toSorted((left, right) => compare(left, right));
  const seen = new Set<string>();
  return sorted.filter(({ code, message, place }) => {
    const key = JSON.stringify([code, message, place]);
    return !seen.has(key) && seen.add(key);
  });
}

function compare(left: Problem, right: Problem): number {
  const [a, b] = [left.place ?? NOWHERE, right.place ?? NOWHERE];
  return (
    order(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    order(left.code, right.code) ||
    order(left.message, right.message)
  );
}

const NOWHERE: Place = { file: '', line: 0, column: 0 };

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
