import { StepFailure } from '../errors.ts';
import { evaluateList } from '../expression/condition.ts';
import { batchesOf, readyBatch, readyDelay } from '../playbook/batches.ts';
import { instanceKey } from '../playbook/instance.ts';
import type { LoopStep, Step } from '../playbook/types.ts';
import type { Json } from '../runner/contract.ts';
import { runAttempt } from './attempt.ts';
import { conditionHolds } from './condition.ts';
import { deadlineAt } from './decide.ts';
import type { Live } from './live.ts';
import { attemptOf, type Move } from './moves.ts';
import { pauseUntil } from './pause.ts';
import { runError } from './run-error.ts';
import { scopeOf } from './scope.ts';
import { stepState } from './state.ts';

type Enter = Extract<Move, { do: 'enter' }>;
type Leave = Extract<Move, { do: 'leave' }>;
type Together = Extract<Move, { do: 'together' }>;

/** Begins a `parallel` or a `for_each`: decides whether it runs at all, and what a loop goes over from now on. */
export async function enter(live: Live, { node, key }: Enter): Promise<void> {
  const about = { phase: 'steps', step: key, uses: node.kind } as const;
  const entered = await entering(live, { node, key }).catch((thrown: unknown) => ({
    error: runError(thrown, live.ports.world.mask),
  }));
  if (entered === 'skip') return live.emit({ type: 'step.skipped', ...about, because: `when: ${node.when ?? ''}` });
  if ('error' in entered)
    return live.emit({ type: 'step.failed', phase: 'steps', step: key, attempt: 1, error: entered.error });
  await live.emit({ type: 'step.started', ...about, attempt: 1 });
  if (entered.loop) await live.emit({ type: 'loop.entered', step: key, ...entered.loop });
}

async function entering(live: Live, { node, key }: Pick<Enter, 'node' | 'key'>): Promise<'skip' | { loop?: Over }> {
  if (node.when !== undefined && !(await conditionHolds(live, node.when, { at: key }))) return 'skip';
  return node.kind === 'for_each' ? { loop: await loopOf(live, node, key) } : {};
}

type Over = { batches: Json[]; delay?: number };

async function loopOf(live: Live, node: LoopStep, key: string): Promise<Over> {
  const { batch, delay } = node;
  const scope = await scopeOf(live, [node.in, typeof batch === 'string' ? batch : '', String(delay ?? '')], {
    at: key,
  });
  const sizes = typeof batch === 'string' ? readyBatch(batch, scope) : batch;
  const ms = typeof delay === 'string' ? readyDelay(delay, scope) : delay;
  return {
    batches: batchesOf(evaluateList(node.in, scope), sizes),
    ...(ms === undefined ? {} : { delay: ms }),
  };
}

/** All steps inside have ended, or were given up as far as that was allowed. */
export async function leave(live: Live, { node, key }: Leave): Promise<void> {
  const loop = live.state.loops.find(({ step }) => step === key);
  const outputs =
    node.kind === 'for_each' ? { batches: loop?.batches.length ?? 0, given_up: loop?.given_up.length ?? 0 } : {};
  await live.emit({ type: 'step.ended', phase: 'steps', step: key, attempt: 1, outputs });
}

/** Does the steps of a `parallel` at the same time, each to its end; the first that fails stops the others. */
export async function together(live: Live, { steps, at }: Together): Promise<void> {
  const failed = new AbortController();
  const toEnd = async (step: Step) => {
    const key = instanceKey(step.id, at);
    while (!failed.signal.aborted && !live.ports.control.abandon.aborted && !hasEnded(live, key)) {
      const move = attemptOf(live.program, live.state, { phase: 'steps', step, at, now: live.ports.clock.now() });
      if (move.do === 'wait') await pauseUntil(live, move.until, [failed.signal]);
      else if (move.do === 'attempt') await runAttempt(live, move, failed.signal);
      else break;
      if (stopped(live)) break;
    }
    const ended = stepState(live.state, 'steps', key);
    if (ended?.status === 'failed')
      failed.abort(new StepFailure(`stopped, because ${key} failed`, { class: 'cancelled' }));
  };
  await Promise.all(steps.map(toEnd));
}

function hasEnded(live: Live, key: string): boolean {
  const status = stepState(live.state, 'steps', key)?.status;
  return status === 'done' || status === 'skipped' || status === 'failed';
}

/** What turns a run back also keeps a step from being tried again; the deadline is noted once they all have stopped. */
function stopped({ program, ports, tripped, state }: Live): boolean {
  if (state.pivot_passed !== undefined) return false;
  const deadline = deadlineAt(program, state) ?? Number.POSITIVE_INFINITY;
  return ports.control.cancel.aborted || tripped.aborted || ports.clock.now() >= deadline;
}
