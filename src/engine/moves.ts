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
  | { do: 'park'; step: string; say: string }
  | { do: 'pass pivot'; step: string }
  | { do: 'settle'; receipt: ReceiptState }
  | { do: 'turn back'; cause: UndoCause; step?: string; trigger?: string; error?: RunError }
  | { do: 'undo'; receipt: ReceiptState }
  | { do: 'compare' }
  | { do: 'end'; status: RunStatus; say: string };

type Due = { phase: Phase; step: Step; at: At; now: number };

/** A step that is `running` here was cut: what it has done is not known, and its effect class says what may be done. */
export function attemptOf(program: Program, state: RunState, { phase, step, at, now }: Due): Move {
  const key = instanceKey(step.id, at);
  const known = stepState(state, phase, key);
  if (known?.status === 'retrying' && known.retry_at !== undefined && known.retry_at > now)
    return { do: 'wait', until: known.retry_at };
  const effect = program.plan.steps.find((each) => each.id === step.id)?.effect;
  if (known?.status === 'running' && phase === 'steps' && effect !== 'pure' && effect !== 'convergent')
    return { do: 'park', step: key, say: `${key} was cut: whether ${step.uses} has happened is not known.` };
  return { do: 'attempt', phase, step, key, at, attempt: (known?.attempts ?? 0) + 1 };
}
