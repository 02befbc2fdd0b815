import { Defect } from '../errors.ts';
import type { Phase, RunEvent, RunEventBody } from './events.ts';
import type { ReceiptState, RunState, StepState, TriggerState } from './run-state.ts';

/** Adds the events up: the same fold for a live run, a resume, a replay and the history. */
export function foldEvents(events: readonly RunEvent[]): RunState {
  const [first, ...rest] = events;
  if (first?.type !== 'run.created') throw new Defect('a journal must begin with run.created');
  return rest.reduce(applyEvent, initialState(first));
}

/** The state after one more event. `state` is given up to it: it is changed in place, as a run has thousands of events. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  if (event.seq !== state.seq + 1) throw new Defect(`event ${event.seq} of run ${state.run} follows ${state.seq}`);
  state.seq = event.seq;
  const apply = reducers[event.type] as (state: RunState, event: RunEvent) => void;
  apply(state, event);
  return state;
}

/** The state of a run of which nothing but its beginning is known. */
export function initialState(event: RunEvent & { type: 'run.created' }): RunState {
  const { run, seq, at, playbook, file, project, engine_id, plan_id, inputs, by, started_by, process, commit } = event;
  return {
    run,
    seq,
    playbook,
    file,
    project,
    engine_id,
    plan_id,
    inputs,
    by,
    started_by,
    process,
    ...(commit === undefined ? {} : { commit }),
    status: 'running',
    created_at: at,
    guards: [],
    steps: [],
    receipts: [],
    loops: [],
    triggers: [],
    measured: {},
    deadline_passed: false,
  };
}

/** The state of a step in one of its lists; undefined while nothing has been heard of it. */
export function stepState(state: RunState, phase: Phase, id: string): StepState | undefined {
  return state.steps.findLast((step) => step.id === id && step.phase === phase);
}

type Event<T extends RunEventBody['type']> = Extract<RunEvent, { type: T }>;
type Reducers = { [T in RunEventBody['type']]: (state: RunState, event: Event<T>) => void };

const reducers: Reducers = {
  'run.created': () => {
    throw new Defect('run.created stands only at the beginning');
  },
  'run.waiting': (state, event) => {
    state.status = 'waiting';
    state.say = event.because;
  },
  'run.started': (state, event) => {
    state.status = 'running';
    state.started_at = event.at;
    delete state.say;
  },
  'run.continued': continued,
  'guard.judged': (state, event) => {
    const known = state.guards.findIndex((guard) => guard.id === event.guard.id && guard.step === event.step);
    const judged = event.step === undefined ? event.guard : { ...event.guard, step: event.step };
    if (known >= 0) state.guards[known] = judged;
    else state.guards.push(judged);
  },
  'step.skipped': (state, event) => {
    const step = enter(state, event, event.uses);
    step.status = 'skipped';
    step.skipped_because = event.because;
    step.ended_at = event.at;
  },
  'step.started': (state, event) => {
    const step = enter(state, event, event.uses);
    step.status = 'running';
    step.attempts = event.attempt;
    step.started_at ??= event.at;
    delete step.retry_at;
  },
  'step.logged': (state, event) => {
    latest(state, event.step)?.log.push(...event.lines);
  },
  'step.measured': (state, event) => {
    state.measured[event.what] = event.ms;
  },
  'receipt.recorded': (state, event) => {
    const { receipt, step, ref, at } = event;
    const attempt = stepState(state, 'steps', step)?.attempts ?? 1;
    state.receipts.push({ receipt, step, attempt, ref, status: 'open', recorded_at: at });
  },
  'step.ended': (state, event) => {
    const step = enter(state, event, '');
    step.status = 'done';
    step.outputs = event.outputs;
    step.ended_at = event.at;
    delete step.error;
  },
  'step.failed': (state, event) => {
    const step = enter(state, event, '');
    step.status = event.retry_at === undefined ? 'failed' : 'retrying';
    step.error = event.error;
    if (event.retry_at === undefined) step.ended_at = event.at;
    else step.retry_at = event.retry_at;
  },
  'step.probed': (state, { step: id, found, say, at }) => {
    const step = latest(state, id);
    if (!step) return;
    step.probed = { found, say };
    if (found === 'done') endCut(step, at);
    if (found === 'not-done') step.status = 'pending';
  },
  'step.decided': (state, { step: id, as, by, at }) => {
    const step = latest(state, id);
    if (!step) return;
    step.decided = { as, by };
    if (as === 'retry') step.status = 'pending';
    else endCut(step, at);
    if (as !== 'not-done') return;
    step.status = 'failed';
    step.error = { class: 'opaque', message: `it was cut, and ${by.user} says that it has not happened` };
  },
  'evidence.kept': (state, event) => {
    latest(state, event.step)?.evidence.push({ name: event.name, bytes: event.bytes });
  },
  'loop.entered': (state, { step, batches, delay = 0 }) => {
    state.loops = [...state.loops.filter((loop) => loop.step !== step), { step, batches, delay, given_up: [] }];
  },
  'batch.given_up': (state, { step, batch }) => {
    state.loops.find((loop) => loop.step === step)?.given_up.push(batch);
  },
  'trigger.measured': (state, { trigger: id, baseline }) => {
    state.triggers.push({ id, uses: '', status: 'measured', baseline });
  },
  'trigger.opened': (state, { trigger: id, uses, at }) => {
    Object.assign(triggerState(state, id), { uses, status: 'watching', opened_at: at });
  },
  'trigger.noted': (state, { trigger: id, now, say }) => {
    const trigger = triggerState(state, id);
    Object.assign(trigger, { now, say });
    if (now === 'good' && trigger.status === 'set-aside') trigger.status = 'watching';
  },
  'trigger.set_aside': (state, { trigger: id, because }) => {
    Object.assign(triggerState(state, id), { status: 'set-aside', because });
  },
  'trigger.tripped': (state, { trigger: id, say, lines, at }) => {
    Object.assign(triggerState(state, id), { status: 'tripped', say, tripped_at: at, ...(lines && { lines }) });
  },
  'trigger.closed': (state, { trigger: id, samples, bad, no_data }) => {
    const trigger = triggerState(state, id);
    trigger.samples = { all: samples, bad, no_data };
    if (trigger.status !== 'tripped') trigger.status = 'closed';
  },
  'release.recorded': (state, event) => {
    state.release = event.release;
  },
  'pivot.passed': (state, event) => {
    state.pivot_passed = event.step;
  },
  'cancel.asked': (state, event) => {
    state.cancel_asked_by = event.by;
  },
  'deadline.passed': (state) => {
    state.deadline_passed = true;
  },
  'undo.started': (state, event) => {
    const { cause, step, trigger, error, at } = event;
    state.undo = { cause, at, ...(step && { step }), ...(trigger && { trigger }), ...(error && { error }) };
  },
  'receipt.undoing': (state, event) => {
    receipt(state, event.receipt).status = 'undoing';
  },
  'receipt.undone': (state, event) => end(state, event, 'undone'),
  'receipt.undo_failed': (state, event) => end(state, event, 'undo-failed'),
  'stack.captured': (state, event) => {
    state.captured = { ran_before: event.ran_before };
  },
  'stack.compared': (state, event) => {
    state.compared = { differences: event.differences, say: event.say };
  },
  'receipt.settled': (state, event) => end(state, event, 'settled'),
  'receipt.settle_failed': (state, event) => end(state, event, 'settle-failed'),
  'run.parked': (state, event) => {
    state.status = 'needs-decision';
    state.parked = { step: event.step, say: event.say };
  },
  'run.ended': (state, event) => {
    state.status = event.status;
    state.say = event.say;
    state.ended_at = event.at;
  },
};

/**
 * Another process goes on: what failed to be undone is tried again, and so is what proves that all is back. What was undone
 * before its turn is undone once more after it: an undo goes back to what was there when its change was made.
 */
function continued(state: RunState, event: Event<'run.continued'>): void {
  state.status = 'running';
  state.process = event.process;
  delete state.ended_at;
  delete state.say;
  delete state.parked;
  delete state.compared;
  state.steps = state.steps.filter((step) => step.phase !== 'verify');
  for (const step of state.steps) delete step.probed;
  const last = state.receipts.findLastIndex(({ status }) => status === 'undo-failed');
  for (const each of state.receipts.slice(0, last + 1))
    if (each.status === 'undo-failed' || each.status === 'undone') each.status = 'open';
}

/** A step that was cut and has happened all the same; what it gave is lost. */
function endCut(step: StepState, at: number): void {
  step.status = 'done';
  step.outputs = {};
  step.ended_at = at;
}

function enter(state: RunState, event: { phase: Phase; step: string }, uses: string): StepState {
  const known = stepState(state, event.phase, event.step);
  if (known) return known;
  const step: StepState = {
    id: event.step,
    uses,
    phase: event.phase,
    status: 'pending',
    attempts: 0,
    evidence: [],
    log: [],
  };
  state.steps.push(step);
  return step;
}

function latest(state: RunState, id: string): StepState | undefined {
  return state.steps.findLast((step) => step.id === id);
}

function triggerState(state: RunState, id: string): TriggerState {
  const known = state.triggers.find((trigger) => trigger.id === id);
  if (known) return known;
  const trigger: TriggerState = { id, uses: '', status: 'measured' };
  state.triggers.push(trigger);
  return trigger;
}

function receipt(state: RunState, number: number): ReceiptState {
  const found = state.receipts.find((each) => each.receipt === number);
  if (!found) throw new Defect(`run ${state.run} has no receipt ${number}`);
  return found;
}

type ReceiptEnd = Event<'receipt.undone' | 'receipt.undo_failed' | 'receipt.settled' | 'receipt.settle_failed'>;

function end(state: RunState, event: ReceiptEnd, status: ReceiptState['status']): void {
  const ended = receipt(state, event.receipt);
  ended.status = status;
  ended.ended_at = event.at;
  if ('error' in event) ended.error = event.error;
  else if (event.say !== undefined) ended.say = event.say;
}
