import type { Json } from '../runner/contract.ts';
import type { Program } from './program.ts';
import type { RunState, StepState } from './run-state.ts';

/**
 * What a run has done and no later rollback takes back, one sentence each: what its actions say of themselves (a job that
 * ran), and the steps without a way back. Pure.
 */
export function irreversibleOf(program: Program, state: RunState): string[] {
  const done = state.steps.filter((step) => step.phase === 'steps' && step.status === 'done');
  return [
    ...new Set(done.flatMap((step) => [...spoken(step), ...declared(step, program), ...withoutWayBack(step, program)])),
  ];
}

function spoken({ outputs }: StepState): string[] {
  const said: Json | undefined = outputs?.['irreversible'];
  return Array.isArray(said) ? said.filter((each) => typeof each === 'string') : [];
}

/** What the plan named beforehand, and what was certain to happen. */
function declared({ id }: StepState, { plan }: Program): string[] {
  return plan.changes
    .filter((change) => change.step === id && change.certainty === 'certain')
    .flatMap(({ target, irreversible }) => (irreversible === undefined ? [] : [`${target}: ${irreversible}`]));
}

/** The step of a loop is planned once, and done once per batch (`notify[1.2]`). */
function withoutWayBack({ id, uses }: StepState, { plan }: Program): string[] {
  const [plain] = id.split('[');
  const reason = plan.steps.find((step) => step.id === plain || step.id === id)?.no_undo;
  return reason === undefined ? [] : [`${plain} (${uses}) was done: ${reason}`];
}
