import { StepFailure } from '../errors.ts';
import { CouldNotEvaluate } from '../expression/condition.ts';
import { matchChanges } from '../plan/match.ts';
import { formatDuration, parseDuration } from '../playbook/duration.ts';
import { parseInstance } from '../playbook/instance.ts';
import { readyParams } from '../playbook/params.ts';
import type { Step } from '../playbook/types.ts';
import type { AnyAction, Json, JsonSchema, Look, RunContext } from '../runner/contract.ts';
import { conditionHolds } from './condition.ts';
import { openSession, type Session } from './context.ts';
import { deadlineAt } from './decide.ts';
import type { Phase, RunError } from './events.ts';
import { judgeDue } from './guards.ts';
import { type Limit, limit, within } from './limit.ts';
import type { Live } from './live.ts';
import type { Attempt } from './moves.ts';
import { retryAt } from './retry.ts';
import { runError } from './run-error.ts';
import { scopeOf } from './scope.ts';

type Outputs = Record<string, Json | undefined>;

/** How long an action that was told to stop may take to do so before it is left alone. */
const GRACE = 10_000;

/** No step runs for ever, not even one whose action is not there. */
const LONGEST = 10 * 60_000;

/** Content of the receipt that stands for a step with an `undo:` of its own. */
export const OWN_UNDO = { own_undo: true } as const;

/**
 * Makes one attempt at a step, from its condition to its outputs; whatever goes wrong ends in the journal. `beside` stops it
 * where another step that goes on at the same time has failed.
 */
export async function runAttempt(live: Live, attempt: Attempt, beside?: AbortSignal): Promise<void> {
  const { phase, step, key } = attempt;
  if (attempt.attempt === 1 && (await skipped(live, attempt))) return;
  await live.emit({ type: 'step.started', phase, step: key, uses: step.uses, attempt: attempt.attempt });
  const bounds = boundsOf(live, phase, await timeoutOf(live, step), beside);
  const session = openSession(live, { step: key, phase, look: lookFor(live, phase, bounds.signal) });
  try {
    const outputs = await perform(
      live,
      attempt,
      phase === 'verify' ? await knowingBefore(live, session) : session.context,
    );
    await session.flush();
    await live.emit({ type: 'step.ended', phase, step: key, attempt: attempt.attempt, outputs });
  } catch (thrown) {
    await session.flush();
    if (!live.ports.control.abandon.aborted) await fail(live, attempt, explained(live, thrown, bounds.signal));
  } finally {
    bounds.release();
  }
}

/** Decides whether the step runs at all. A condition that cannot be evaluated, or whose facts cannot be read, is a failure, never a false. */
async function skipped(live: Live, { phase, step, key }: Attempt): Promise<boolean> {
  if (step.when === undefined) return false;
  try {
    if (await conditionHolds(live, step.when, { at: key })) return false;
  } catch (thrown) {
    const error = runError(thrown, live.ports.world.mask);
    await live.emit({ type: 'step.failed', phase, step: key, attempt: 1, error });
    return true;
  }
  await live.emit({ type: 'step.skipped', phase, step: key, uses: step.uses, because: `when: ${step.when}` });
  return true;
}

/** What proves that all is back is told what the stack was. */
async function knowingBefore(live: Live, { context }: Session): Promise<RunContext> {
  return { ...context, before: await live.ports.world.before() };
}

async function perform(live: Live, { phase, step, key }: Attempt, context: RunContext): Promise<Outputs> {
  const action = await actionOf(live, step.uses);
  // Once it has begun to change something, the world is neither what its guards nor what the plan were about.
  const fresh = phase === 'steps' && !live.state.receipts.some((receipt) => receipt.step === key);
  if (fresh) await judgeDue(live, step, key, context.look);
  const params = readyParams(action.params, step.with, await scopeOf(live, step.with, { at: key }));
  if (fresh) {
    await mustBeAsPlanned(live, key, await action.plan(params, context.look, []));
    if (step.undo && 'uses' in step.undo) await context.record(OWN_UNDO);
  }
  const outputs = await within(live.ports.clock, action.run(params, context), context.signal, GRACE);
  await expectation(live, { step, key, outputs, schema: action.outputs });
  return outputs;
}

async function mustBeAsPlanned(live: Live, key: string, now: Awaited<ReturnType<AnyAction['plan']>>): Promise<void> {
  // What could not be planned batch by batch stands once, with the step's id alone.
  const { id } = parseInstance(key);
  const planned = live.program.plan.changes.filter(({ step, open }) => step === key || (open && step === id));
  const differences = matchChanges(planned, now);
  if (differences.length === 0) return;
  throw new StepFailure(`the stack is not what it was when the plan was made: ${differences.join('; ')}`, {
    class: 'conflict',
    hint: 'Make a new plan and look at what it says now.',
  });
}

type Gave = Pick<Attempt, 'step' | 'key'> & { outputs: Outputs; schema: JsonSchema };

async function expectation(live: Live, { step, key, outputs, schema }: Gave): Promise<void> {
  if (step.expect === undefined) return;
  try {
    if (await conditionHolds(live, step.expect, { at: key, result: { value: outputs as Json, schema } })) return;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotEvaluate)) throw thrown;
    throw new StepFailure(`expect could not be evaluated: ${thrown.message}`, { class: 'expectation', cause: thrown });
  }
  throw new StepFailure(`expected ${step.expect}`, { class: 'expectation', lines: [JSON.stringify(outputs)] });
}

async function fail(live: Live, { phase, step, key, attempt }: Attempt, error: RunError): Promise<void> {
  const retry_at = await retryAt(live, { step, key, attempt }, error);
  const again = retry_at === undefined ? {} : { retry_at };
  await live.emit({ type: 'step.failed', phase, step: key, attempt, error, ...again });
}

/** What told the action to stop explains whatever it threw then; what it was waiting for is said as well. */
function explained(live: Live, thrown: unknown, signal: AbortSignal): RunError {
  const { control, world } = live.ports;
  if (!signal.aborted) return runError(thrown, world.mask);
  if (control.cancel.aborted) return { class: 'cancelled', message: 'it was cancelled' };
  const reason = runError(signal.reason, world.mask);
  if (!(thrown instanceof StepFailure) || thrown === signal.reason || thrown.class === 'cancelled') return reason;
  const told = runError(thrown, world.mask);
  return { ...told, class: reason.class, message: `${reason.message}: ${told.message}` };
}

/** Before the pivot a cancel and the deadline stop a step too; what takes back and what tells the end is not stopped. */
function boundsOf(live: Live, phase: Phase, ms: number, beside: AbortSignal | undefined): Limit {
  const { control, clock } = live.ports;
  const over = new StepFailure(`it was not done within ${formatDuration(ms)}`, { class: 'timeout' });
  const timeouts = [{ ms, reason: over }];
  const always = [control.abandon, ...(beside ? [beside] : [])];
  if (phase !== 'steps' || live.state.pivot_passed !== undefined) return limit(clock, always, timeouts);
  const deadline = deadlineAt(live.program, live.state);
  if (deadline !== undefined) {
    const reason = new StepFailure('the deadline of the run passed', { class: 'timeout' });
    timeouts.push({ ms: Math.max(0, deadline - clock.now()), reason });
  }
  return limit(clock, [...always, control.cancel, live.tripped], timeouts);
}

async function timeoutOf(live: Live, step: Step): Promise<number> {
  const runner = await live.ports.world.find(step.uses);
  const own = runner?.kind === 'action' ? parseDuration(runner.timeout) : undefined;
  return step.timeout ?? own ?? LONGEST;
}

function lookFor(live: Live, phase: Phase, signal: AbortSignal): Look {
  return phase === 'verify' ? live.ports.world.scrubbedLook(signal) : live.ports.world.look(signal);
}

/** The action by name; the playbook was checked against the same registry, so it is there. */
export async function actionOf(live: Live, uses: string): Promise<AnyAction> {
  const runner = await live.ports.world.find(uses);
  if (runner?.kind === 'action') return runner;
  throw new StepFailure(`there is no action ${uses} in this version`, { class: 'not-found' });
}
