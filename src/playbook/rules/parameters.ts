import type { Problem } from '../../errors.ts';
import { usesOf } from '../outline.ts';
import { valueAt } from '../path.ts';
import { locateFaults } from '../problems.ts';
import type { Reading } from '../reading.ts';
import { checkShape } from '../shape.ts';

/** `with` against the schema of what is used; values that templates bring are checked when they are rendered. */
export function parameters({ value, outline, runners, locate }: Reading): Problem[] {
  return usesOf(outline).flatMap(({ kind, name, path, with: written }) => {
    const runner = name === undefined ? undefined : runners.get(name);
    if (!runner || runner.kind !== kind || written === undefined) return [];
    const faults = checkShape(runner.params, written, { templates: true, sourceOf: locate.plainSource }, [
      ...path,
      'with',
    ]);
    // `every` of a trigger stands beside `with`, where a rule of its own looks at it.
    const own = faults.filter(({ code, path: at }) => code !== 'unknown-key' || valueAt(value, at) !== undefined);
    return locateFaults(own, locate);
  });
}
