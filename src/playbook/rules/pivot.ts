import type { Problem } from '../../errors.ts';
import type { Reading } from '../reading.ts';

/** There is at most one step after which there is no way back. */
export function pivot({ outline, locate }: Reading): Problem[] {
  const pivots = outline.steps.filter(({ raw }) => raw['pivot'] === true);
  const [first, ...others] = pivots;
  if (!first) return [];
  return others.map(({ path }) => ({
    code: 'several-pivots',
    message: 'there is a pivot already',
    hint: 'keep one of them',
    place: locate.key([...path, 'pivot']),
    other: { place: locate.key([...first.path, 'pivot']), message: 'the first one' },
  }));
}
