import { evaluateCondition } from '../expression/condition.ts';
import type { Live } from './live.ts';
import { type Besides, scopeOf } from './scope.ts';

/** Whether a condition holds now. Rejects with CouldNotEvaluate where that cannot be said. */
export async function conditionHolds(live: Live, expression: string, besides: Besides = {}): Promise<boolean> {
  return evaluateCondition(expression, await scopeOf(live, expression, besides)).value;
}
