import type { RunEvent } from '../../src/engine/events.ts';
import type { RunState, TriggerState } from '../../src/engine/run-state.ts';
import { stepState } from '../../src/engine/state.ts';
import { parseInstance } from '../../src/playbook/instance.ts';
import { plainSteps } from '../../src/playbook/nodes.ts';
import type { Known } from './invariants.ts';

/** What is wrong with an event that follows this state, one sentence each; they begin with the name of the rule. */
export function eventRules(known: Known, event: RunEvent): string[] {
  const { state } = known;
  if (!state) return [];
  const wrong: string[] = [];
  if (state.ended_at !== undefined && event.type !== 'run.continued') wrong.push(`end: ${event.type} after run.ended`);
  if (state.parked && event.type !== 'run.continued') wrong.push(`end: ${event.type} after run.parked`);
  switch (event.type) {
    case 'step.started':
      if (event.phase === 'steps') wrong.push(...started(known, state, event));
      break;
    case 'step.failed':
      wrong.push(...failed(known, event));
      break;
    case 'undo.started':
      if (state.pivot_passed !== undefined) wrong.push('pivot: it turns back after the pivot');
      if (state.undo) wrong.push('way back: it turns back twice');
      break;
    case 'receipt.undoing':
      wrong.push(...undoing(known, state, event.receipt));
      break;
    case 'receipt.settled':
      if (state.pivot_passed === undefined) wrong.push('pivot: a receipt is settled before the pivot');
      break;
    case 'pivot.passed':
      if (state.undo || state.cancel_asked_by || state.deadline_passed || state.triggers.some(hasTripped))
        wrong.push('pivot: it is passed although the run was to turn back');
      break;
    case 'receipt.recorded':
      if (state.receipts.some(({ receipt }) => receipt === event.receipt))
        wrong.push(`journal: there are two receipts ${event.receipt}`);
      if (state.undo) wrong.push('way back: a change is recorded while it turns back');
      break;
    default:
  }
  return wrong;
}

function hasTripped({ status }: TriggerState): boolean {
  return status === 'tripped';
}

type Event<T> = Extract<RunEvent, { type: T }>;

function started({ program, again, asked, receipts }: Known, state: RunState, event: Event<'step.started'>): string[] {
  const { step: key, attempt } = event;
  const known = stepState(state, 'steps', key);
  const wrong: string[] = [];
  if (known && ['done', 'skipped', 'failed'].includes(known.status))
    wrong.push(`again: ${key} is ${known.status} and begins again`);
  // A block that was cut before it was known what it goes over is entered again.
  const block = event.uses === 'for_each' || event.uses === 'parallel';
  if (!block && attempt !== (known?.attempts ?? 0) + 1) wrong.push(`attempts: ${key} begins attempt ${attempt}`);
  if (state.undo) wrong.push(`way back: ${key} begins while it is taken back`);
  if (state.pivot_passed === undefined && (state.cancel_asked_by || state.deadline_passed))
    wrong.push(`stop: ${key} begins although the run was to stop`);
  const effect = program.plan.steps.find(({ id }) => id === parseInstance(key).id)?.effect;
  const recorded = [...receipts.values()].some((receipt) => receipt.step === key);
  if (known && known.attempts > 0 && effect === 'opaque' && recorded && !again.includes(key) && !asked.has(key))
    wrong.push(`once: ${key} was cut, may have happened, and begins again without a decision`);
  return wrong;
}

/** No more attempts than the playbook says, however often the process was killed. */
function failed({ program }: Known, { step: key, attempt, retry_at }: Event<'step.failed'>): string[] {
  const { steps, always } = program.playbook;
  const step = plainSteps([...steps, ...always]).find(({ id }) => id === parseInstance(key).id);
  const effect = program.plan.steps.find(({ id }) => id === step?.id)?.effect;
  const most = step?.retry?.attempts ?? (effect === 'pure' ? 3 : 1);
  return retry_at !== undefined && attempt >= most ? [`attempts: ${key} is tried again after attempt ${attempt}`] : [];
}

/** Last first; what failed to be taken back, or cannot be, is passed over. Outside of a way back it is a batch alone. */
function undoing({ program }: Known, state: RunState, number: number): string[] {
  const wrong: string[] = [];
  if (state.pivot_passed !== undefined) wrong.push(`pivot: receipt ${number} is taken back after the pivot`);
  const receipt = state.receipts.find((each) => each.receipt === number);
  if (receipt?.status === 'undone' || receipt?.status === 'settled')
    wrong.push(`way back: receipt ${number} is ${receipt.status} and is taken back`);
  const final = new Set(program.plan.steps.filter((step) => step.no_undo !== undefined).map(({ id }) => id));
  const position = state.receipts.findIndex((each) => each.receipt === number);
  const later = state.receipts.find(
    (each, index) =>
      index > position &&
      (each.status === 'open' || each.status === 'undoing') &&
      !final.has(parseInstance(each.step).id),
  );
  if (state.undo && later) wrong.push(`way back: receipt ${number} is taken back before ${later.receipt}`);
  if (!state.undo && state.loops.every((loop) => loop.given_up.length === 0))
    wrong.push(`way back: receipt ${number} is taken back although the run goes forward`);
  return wrong;
}
