import type { Problem } from '../../errors.ts';
import { checkCondition } from '../../expression/check.ts';
import { referencedPaths } from '../../expression/paths.ts';
import { type Reading, typesAt } from '../reading.ts';

/** A condition that asks for nothing says the same in every run. */
export function constantGuard(reading: Reading): Problem[] {
  return reading.conditions
    .filter(({ field, text }) => field === 'that' && referencedPaths(text).length === 0)
    .filter(
      (condition) =>
        checkCondition(condition.text, typesAt(reading, condition), { later: [], field: 'that' }).length === 0,
    )
    .map(({ path }) => ({
      code: 'constant-guard',
      level: 'warning',
      message: 'this guard asks for nothing, so it says the same in every run',
      hint: 'ask for a fact or an input, or remove it',
      place: reading.locate.value(path),
    }));
}
