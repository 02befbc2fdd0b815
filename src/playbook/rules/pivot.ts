import type { Problem } from '../../errors.ts';
import type { Reading } from '../reading.ts';

/** There is at most one step after which there is no way back, and it stands in no other. */
export function pivot({ outline, locate }: Reading): Problem[] {
  const pivots = outline.steps.filter(({ raw }) => raw['pivot'] === true);
  const inside = pivots.filter(({ top }) => !top);
  const [first, ...others] = pivots.filter(({ top }) => top);
  const nested = inside.map(
    ({ path }): Problem => ({
      code: 'nested-pivot',
      message: 'the pivot cannot stand inside of `parallel` or `for_each`',
      hint: 'the way back ends at one moment: put it on a step of its own',
      place: locate.key([...path, 'pivot']),
    }),
  );
  if (!first) return nested;
  const more = others.map(
    ({ path }): Problem => ({
      code: 'several-pivots',
      message: 'there is a pivot already',
      hint: 'keep one of them',
      place: locate.key([...path, 'pivot']),
      other: { place: locate.key([...first.path, 'pivot']), message: 'the first one' },
    }),
  );
  return [...nested, ...more];
}
