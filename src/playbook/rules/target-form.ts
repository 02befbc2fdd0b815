import type { Problem } from '../../errors.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';

/** A playbook about the whole engine has no stack. */
export function targetForm({ value, locate }: Reading): Problem[] {
  const target = valueAt(value, ['target']);
  if (typeof target !== 'object' || target === null || !('engine' in target)) return [];
  return Object.keys(target)
    .filter((key) => key !== 'engine')
    .map((key) => ({
      code: 'target-form',
      message: `\`${key}\` does not go with \`engine: true\`, which is about no stack`,
      hint: 'remove one of them',
      place: locate.key(['target', key]),
    }));
}
