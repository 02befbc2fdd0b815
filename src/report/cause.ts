import { isGivenUp, stepName } from '../engine/batch-name.ts';
import type { RunState, StepState } from '../engine/run-state.ts';
import { clause, sentence } from './sentence.ts';

/** Why a run turned back or ended badly, as one sentence. */
export function cause(state: RunState): string {
  const trigger = state.triggers.find(({ id }) => id === state.undo?.trigger);
  if (trigger) return sentence(`${trigger.id}: ${clause(trigger.say ?? 'it tripped')}`);
  const failed = failedStep(state);
  const error = state.undo?.error ?? failed?.error;
  const step = state.undo?.step ?? failed?.id;
  if (error)
    return sentence(`${step === undefined ? 'a step' : stepName(state, step)} failed: ${clause(error.message)}`);
  if (state.undo?.cause === 'cancel') return `It was cancelled${by(state)}.`;
  if (state.deadline_passed) return 'The deadline of the run passed.';
  if (state.undo?.cause === 'crash') return 'Its process died, and its playbook wants it taken back then (on_crash).';
  return state.undo?.cause === 'asked' ? 'It was asked for.' : sentence(state.say ?? 'No reason is recorded');
}

/** ` by root`, where it is known who stopped the run. */
export function by({ cancel_asked_by: who }: RunState): string {
  return who === undefined ? '' : ` by ${who.user}`;
}

/** The step whose failure counts: rather one that failed by itself than one that was stopped because of it. */
export function failedStep(state: RunState): StepState | undefined {
  const failed = state.steps.filter(
    (step) => step.phase === 'steps' && step.status === 'failed' && !isGivenUp(state, step.id),
  );
  return failed.find((step) => step.error?.class !== 'cancelled') ?? failed[0];
}
