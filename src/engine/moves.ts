import { type At, instanceKey } from '../playbook/instance.ts';
import type { LoopStep, ParallelStep, Step } from '../playbook/types.ts';
import type { Phase, RunError, RunStatus, UndoCause } from './events.ts';
import type { Program } from './program.ts';
import type { ReceiptState, RunState } from './run-state.ts';
import { stepState } from './state.ts';

/** One try of a plain step; `key` names it in the journal, `at` says in which batches it stands. */
export type Attempt = { do: 'attempt'; phase: Phase; step: Step; key: string; at: At; attempt: number };

/** What the engine does next. */
export type Move =
  | { do: 'begin' }
  | Attempt
  | { do: 'enter'; node: ParallelStep | LoopStep; key: string; at: At }
  | { do: 'together'; node: ParallelStep; at: At; steps: Step[] }
  | { do: 'leave'; node: ParallelStep | LoopStep; key: string }
  | { do: 'give up'; loop: string; batch: number; error: RunError }
  | { do: 'wait'; until: number }
  | { do: 'probe'; step: Step; key: string; receipt: ReceiptState }
  | { do: 'park'; step: string; say: string }
  | { do: 'pass pivot'; step: string }
  | { do: 'settle'; receipt: ReceiptState }
  | { do: 'turn back'; cause: UndoCause; step?: string; trigger?: string; error?: RunError }
  | { do: 'undo'; receipt: ReceiptState }
  | { do: 'compare' }
  | { do: 'end'; status: RunStatus; say: string };

type Due = { phase: Phase; step: Step; at: At; now: number };

/** A step that is `running` here was cut: its process died before it could say what it had done. */
export function attemptOf(program: Program, state: RunState, { phase, step, at, now }: Due): Move {
  const key = instanceKey(step.id, at);
  const known = stepState(state, phase, key);
  if (known?.status === 'retrying' && known.retry_at !== undefined && known.retry_at > now)
    return { do: 'wait', until: known.retry_at };
  const cut = known?.status === 'running' && phase === 'steps' ? cutOf(program, state, { step, key }) : undefined;
  if (cut) return cut;
  return { do: 'attempt', phase, step, key, at, attempt: (known?.attempts ?? 0) + 1 };
}

/**
 * What a cut step asks for before it may be done again; undefined: nothing, for its class is done twice as well as once, or
 * it has recorded no change in this attempt, so that it made none.
 */
function cutOf(program: Program, state: RunState, { step, key }: { step: Step; key: string }): Move | undefined {
  const effect = program.plan.steps.find((each) => each.id === step.id)?.effect;
  if (effect === 'pure' || effect === 'convergent') return undefined;
  const known = stepState(state, 'steps', key);
  const receipt = state.receipts.findLast((each) => each.step === key && each.attempt === known?.attempts);
  if (!receipt || !known) return undefined;
  const asked = known.probed;
  if (!asked && (step.probe || effect === 'probed')) return { do: 'probe', step, key, receipt };
  const why = asked === undefined ? '' : ` ${asked.say}.`;
  return { do: 'park', step: key, say: `${key} was cut: whether ${step.uses} has happened is not known.${why}` };
}
