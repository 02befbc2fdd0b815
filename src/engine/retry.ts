import type { Retry, Step } from '../playbook/types.ts';
import { conditionHolds } from './condition.ts';
import type { RunError } from './events.ts';
import type { Live } from './live.ts';
import type { Attempt } from './moves.ts';
import { runError } from './run-error.ts';

/** A read that fails for a passing reason is tried again without being asked for. */
const PURE: Retry = { attempts: 3, backoff: { from: 1_000, to: 10_000 } };

/** Told to stop, or refused for a reason that stays. */
const FINAL: ReadonlySet<RunError['class']> = new Set(['cancelled', 'guard', 'conflict']);

/** When a failed attempt is followed by another one; undefined: it was the last. */
export async function retryAt(
  live: Live,
  { step, key, attempt }: Pick<Attempt, 'step' | 'key' | 'attempt'>,
  error: RunError,
): Promise<number | undefined> {
  const retry = step.retry ?? defaultRetry(live, step, error);
  if (!retry || attempt >= retry.attempts || FINAL.has(error.class)) return undefined;
  if (live.ports.control.cancel.aborted && live.state.pivot_passed === undefined) return undefined;
  if (retry.if !== undefined && !(await wanted(live, { condition: retry.if, key }, error))) return undefined;
  return live.ports.clock.now() + backoff(retry, attempt);
}

/** Doubles from the first wait to the longest. */
export function backoff({ backoff: { from, to } }: Retry, attempt: number): number {
  return Math.min(to, from * 2 ** (attempt - 1));
}

function defaultRetry(live: Live, step: Step, error: RunError): Retry | undefined {
  const planned = live.program.plan.steps.find((each) => each.id === step.id);
  return planned?.effect === 'pure' && error.class === 'transient' ? PURE : undefined;
}

/** A condition that cannot be evaluated, whatever the reason, gives no other try: the failure stands, and says so. */
async function wanted(
  live: Live,
  { condition, key }: { condition: string; key: string },
  error: RunError,
): Promise<boolean> {
  try {
    return await conditionHolds(live, condition, { at: key, error: { class: error.class, message: error.message } });
  } catch (thrown) {
    error.hint = `retry.if could not be evaluated: ${runError(thrown, live.ports.world.mask).message}`;
    return false;
  }
}
