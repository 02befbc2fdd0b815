import type { Problem } from '../../errors.ts';
import { checkCondition } from '../../expression/check.ts';
import { laterThan, type Reading, typesAt } from '../reading.ts';

/** Every condition must be readable, name what there is, and be true or false. */
export function conditions(reading: Reading): Problem[] {
  return reading.conditions.flatMap((condition) => {
    const around = { later: laterThan(reading, condition.known), field: condition.field };
    return checkCondition(condition.text, typesAt(reading, condition), around).map(
      ({ code, message, hint, start, end }): Problem => ({
        code,
        message,
        ...(hint !== undefined && { hint }),
        place: reading.locate.inside(condition.path, start, end),
      }),
    );
  });
}
