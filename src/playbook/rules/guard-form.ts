import type { Problem } from '../../errors.ts';
import { allGuards, type GuardOutline } from '../outline.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';

/** A guard either uses a check, or asks a condition and says a sentence. */
export function guardForm(reading: Reading): Problem[] {
  return allGuards(reading.outline).flatMap((guard) => problemsOf(guard, reading));
}

function problemsOf({ path, use, that }: GuardOutline, { value, locate }: Reading): Problem[] {
  const has = (key: string) => valueAt(value, [...path, key]) !== undefined;
  const problem = (message: string, hint: string, key?: string): Problem => ({
    code: 'guard-form',
    message,
    hint,
    place: key === undefined ? locate.value(path) : locate.key([...path, key]),
  });
  const uses = use.name !== undefined || has('uses');
  if (uses && that) return [problem('a guard has `uses` or `that`, not both', 'keep one of them', 'that')];
  if (!uses && !that)
    return [problem('a guard needs `uses` or `that`', 'name a check with `uses`, or ask a condition with `that`')];
  if (that && !has('say'))
    return [
      problem('a guard with `that` needs `say`', 'say in a sentence what is wrong when it does not hold', 'that'),
    ];
  if (that && has('with')) return [problem('`with` goes with `uses`, not with `that`', 'remove it', 'with')];
  return [];
}
