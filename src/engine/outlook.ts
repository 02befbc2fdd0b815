import { parseInstance } from '../playbook/instance.ts';
import { isStep, plainSteps } from '../playbook/nodes.ts';
import type { Step } from '../playbook/types.ts';
import { decide, type Intent } from './decide.ts';
import { attemptOf } from './moves.ts';
import type { Program } from './program.ts';
import type { RunState, StepState } from './run-state.ts';
import { applyEvent } from './state.ts';

/** What taking a run up would do with one of its steps. */
export type Prospect = {
  step: string;
  what: 'kept' | 'skipped' | 'probed' | 'again' | 'asked' | 'next' | 'undone';
  because: string;
};

/** Whether the run would go on or back, and what becomes of each step; from its journal alone, the world is not asked. */
export function outlook(
  program: Program,
  journaled: RunState,
  { intent, now }: { intent: Intent; now: number },
): { way: 'forward' | 'back'; steps: Prospect[] } {
  const state = takenUp(journaled, now);
  const late = deadlinePassed(program, state, now);
  const move = decide(program, late, now, intent);
  const back = state.undo !== undefined || move?.do === 'turn back';
  return { way: back ? 'back' : 'forward', steps: back ? goingBack(program, state) : goingOn(program, state, now) };
}

/** As it will be once another process carries it. */
function takenUp(journaled: RunState, at: number): RunState {
  const { run, seq, process = { pid: 0, host: '', started: '', boot: '' }, by = { user: '', host: '' } } = journaled;
  const event = { type: 'run.continued', process, because: 'resume', by, run, seq: seq + 1, at } as const;
  return applyEvent(structuredClone(journaled), event);
}

function deadlinePassed({ playbook: { deadline } }: Program, state: RunState, now: number): RunState {
  const over = deadline !== undefined && state.started_at !== undefined && now >= state.started_at + deadline;
  return over ? { ...state, deadline_passed: true } : state;
}

function goingBack({ plan }: Program, state: RunState): Prospect[] {
  const final = new Map(plan.steps.map((step) => [step.id, step.no_undo]));
  const open = state.receipts.filter(({ status }) => status === 'open' || status === 'undoing');
  const keys = [...new Set(open.toReversed().map(({ step }) => step))];
  return keys.map((step) => {
    const no_undo = final.get(parseInstance(step).id);
    if (no_undo !== undefined) return { step, what: 'kept', because: `it cannot be taken back: ${no_undo}` };
    const changes = open.filter((receipt) => receipt.step === step).length;
    return { step, what: 'undone', because: changes === 1 ? 'it made one change' : `it made ${changes} changes` };
  });
}

function goingOn(program: Program, state: RunState, now: number): Prospect[] {
  const steps = plainSteps(program.playbook.steps);
  const known = state.steps.filter(({ phase }) => phase === 'steps');
  const begun = known.flatMap((each) => {
    const step = steps.find(({ id }) => id === parseInstance(each.id).id);
    return step ? [prospectOf(program, state, { step, known: each, now })] : [];
  });
  const open = program.playbook.steps.filter((node) => {
    const status = known.find(({ id }) => id === node.id)?.status;
    return isStep(node) ? status === undefined : status !== 'done' && status !== 'skipped';
  });
  return [...begun, ...open.map(({ id }): Prospect => ({ step: id, what: 'next', because: 'it has not ended' }))];
}

type Known = { step: Step; known: StepState; now: number };

function prospectOf(program: Program, state: RunState, { step, known, now }: Known): Prospect {
  const { id, status } = known;
  if (status === 'done') return { step: id, what: 'kept', because: 'it is done' };
  if (status === 'skipped') return { step: id, what: 'skipped', because: known.skipped_because ?? '' };
  if (status === 'failed') return { step: id, what: 'kept', because: `it failed: ${known.error?.message ?? ''}` };
  const move = attemptOf(program, state, { phase: 'steps', step, at: parseInstance(id).at, now });
  if (move.do === 'probe') {
    const by = step.probe?.uses ?? step.uses;
    return { step: id, what: 'probed', because: `it was cut; ${by} is asked whether it has happened` };
  }
  if (move.do === 'park')
    return { step: id, what: 'asked', because: 'it was cut, and only a person can say whether it has happened' };
  const made = state.receipts.some((receipt) => receipt.step === id);
  const because = made ? 'it was cut, and doing it twice is as good as once' : 'it was cut before it changed anything';
  return { step: id, what: 'again', because: status === 'retrying' ? 'it waits for its next attempt' : because };
}
