import type { Problem } from '../../errors.ts';
import { checkCondition } from '../../expression/check.ts';
import { checkList } from '../../expression/check-list.ts';
import { type Reading, surroundings, typesAt } from '../reading.ts';

/** Every condition must be readable, name what there is, and be true or false; the list of a loop must be a list. */
export function conditions(reading: Reading): Problem[] {
  return reading.conditions.flatMap((condition) => {
    const { text, list } = condition;
    const types = typesAt(reading, condition);
    const around = surroundings(reading, condition);
    const faults = list ? checkList(text, types, around).faults : checkCondition(text, types, around);
    return faults.map(
      ({ code, message, hint, start, end }): Problem => ({
        code,
        message,
        ...(hint !== undefined && { hint }),
        place: reading.locate.inside(condition.path, start, end),
      }),
    );
  });
}
