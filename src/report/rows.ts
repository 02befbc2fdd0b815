import { batchOf } from '../engine/batch-name.ts';
import type { RunError, RunEvent } from '../engine/events.ts';
import type { RunState, TriggerState } from '../engine/run-state.ts';
import { stepState } from '../engine/state.ts';
import type { Plan } from '../plan/types.ts';
import { formatDuration } from '../playbook/duration.ts';
import { instanceKey, parseInstance } from '../playbook/instance.ts';
import { count } from './amounts.ts';
import { rowName } from './row-name.ts';
import { clause } from './sentence.ts';
import { summary } from './summary.ts';
import { triggerRows } from './trigger-rows.ts';

/** done · failed · taken back · skipped · look at this · a person must decide · by the way · begins */
export type Mark = '✓' | '✗' | '↺' | '–' | '!' | '?' | '·' | '›';

/** One thing that has happened, as people see it: a mark, whose it is, one sentence, and lines that explain it. */
export type Row = { mark: Mark; name: string; text: string; ms?: number; more?: readonly string[] };

/** An event with the state after it. `undoing_at`: when the undo began that it may end. */
export type Seen = {
  event: RunEvent;
  state: RunState | undefined;
  plan?: Plan | undefined;
  undoing_at?: number | undefined;
  /** What was last seen of the trigger that the event is about. */
  trigger_was?: TriggerState['now'] | undefined;
};

/** Rows for what has ended or needs attention; none for what only goes on. */
export function rowsOf(seen: Seen): Row[] {
  const { event, state } = seen;
  switch (event.type) {
    case 'run.waiting':
      return [{ mark: '!', name: 'waiting', text: event.because }];
    case 'run.started':
      return guardRows(seen);
    case 'run.continued':
      return [{ mark: '›', name: event.because, text: `by ${event.by.user} on ${event.by.host}` }];
    case 'guard.judged':
      return event.step === undefined || state?.started_at === undefined ? [] : [lateGuard(seen, event)];
    case 'step.skipped':
      return [{ mark: '–', ...named(seen, event.step, `skipped, ${event.because}`) }];
    case 'step.ended':
      return [ended(seen, event)];
    case 'step.failed':
      return [failed(seen, event)];
    case 'pivot.passed':
      // Without a change there was nothing to go back from.
      if (state?.receipts.length === 0) return [];
      return [{ mark: '·', name: event.step, text: 'from here on there is no way back' }];
    case 'cancel.asked':
      return [{ mark: '!', name: 'cancel', text: `asked for by ${event.by.user} on ${event.by.host}` }];
    case 'deadline.passed':
      return [{ mark: '!', name: 'deadline', text: 'the time of the run is over' }];
    case 'receipt.undone':
      return [
        {
          mark: '↺',
          name: rowName(state, 'steps', event.step).name,
          text: event.say ?? 'one change taken back',
          ...since(event.at, seen.undoing_at),
        },
      ];
    case 'receipt.undo_failed':
      return [
        {
          mark: '✗',
          ...named(seen, event.step, `not taken back: ${clause(event.error.message)}`),
          more: details(event.error),
        },
      ];
    case 'receipt.settled':
      return event.say === undefined
        ? []
        : [{ mark: '·', name: rowName(state, 'steps', event.step).name, text: event.say }];
    case 'receipt.settle_failed':
      return [
        {
          mark: '✗',
          ...named(seen, event.step, `not cleared away: ${clause(event.error.message)}`),
          more: details(event.error),
        },
      ];
    case 'stack.compared':
      return [compared(event)];
    case 'step.probed':
      return [{ mark: '·', ...named(seen, event.step, `was cut: ${clause(event.say)}`) }];
    case 'step.decided':
      return [{ mark: '!', ...named(seen, event.step, `${DECISIONS[event.as]}, says ${event.by.user}`) }];
    case 'run.parked':
      return [{ mark: '?', name: rowName(state, 'steps', event.step).name, text: event.say }];
    case 'batch.given_up':
      return [givenUp(seen, event)];
    case 'trigger.noted':
    case 'trigger.set_aside':
    case 'trigger.tripped':
      return triggerRows(event, seen.trigger_was);
    case 'run.ended':
      return state?.started_at === undefined ? guardRows(seen) : [];
    default:
      return [];
  }
}

const DECISIONS = { done: 'has happened', 'not-done': 'has not happened', retry: 'is done again' } as const;

/** The guards as one row: how many said what. What a no-go said stands at the end, where it is looked for. */
function guardRows({ event, state }: Seen): Row[] {
  const judged = state?.guards.filter((guard) => guard.step === undefined) ?? [];
  if (judged.length === 0) return [];
  const words = ['go', 'warn', 'no-go', 'undecided'] as const;
  const counts = words.map((word) => [word, judged.filter((guard) => guard.verdict === word).length] as const);
  const against =
    state?.guards.some((guard) => guard.verdict === 'no-go' && guard.overridden_by === undefined) ?? false;
  const text = counts.flatMap(([word, number]) => (number === 0 ? [] : [`${number} ${word}`])).join(', ');
  return [
    {
      mark: against ? '✗' : '✓',
      name: 'guards',
      text,
      ms: event.at - (state?.created_at ?? event.at),
    },
  ];
}

function lateGuard({ state }: Seen, { step, guard }: RunEvent & { type: 'guard.judged' }): Row {
  const mark =
    guard.verdict === 'go' ? '✓' : guard.verdict === 'no-go' && guard.overridden_by === undefined ? '✗' : '!';
  const name = step === undefined ? guard.id : rowName(state, 'steps', step).name;
  return { mark, name, text: `guard ${guard.id}: ${guard.verdict}, ${guard.say}` };
}

function ended({ state, plan }: Seen, event: RunEvent & { type: 'step.ended' }): Row {
  const step = state && stepState(state, event.phase, event.step);
  const text = summary(event, event.phase === 'steps' ? plan : undefined);
  const tries = event.attempt > 1 ? ` (${event.attempt} attempts)` : '';
  const { name, prefix } = rowName(state, event.phase, event.step);
  return { mark: '✓', name, text: prefix + text + tries, ...since(event.at, step?.started_at) };
}

function failed({ state }: Seen, event: RunEvent & { type: 'step.failed' }): Row {
  const { error, phase, retry_at: again } = event;
  const step = state && stepState(state, phase, event.step);
  const { name, prefix } = rowName(state, phase, event.step);
  if (again !== undefined) {
    const pause = formatDuration(Math.max(0, again - event.at));
    return {
      mark: '!',
      name,
      text: `${prefix}attempt ${event.attempt} failed: ${clause(error.message)}; again in ${pause}`,
    };
  }
  const besides = phase === 'always' ? ' (this does not change how the run ended)' : '';
  const tries = event.attempt > 1 ? ` (${count(event.attempt, 'attempt')})` : '';
  return {
    mark: failureMark(error, state),
    name,
    text: `${prefix}${clause(error.message)}${tries}${besides}`,
    ...since(event.at, step?.started_at),
    more: details(error),
  };
}

/** What was only stopped because something else failed is not what failed. */
export function failureMark(error: RunError | undefined, state: RunState | undefined): '✗' | '–' {
  return error?.class === 'cancelled' && state?.cancel_asked_by === undefined ? '–' : '✗';
}

function givenUp({ state }: Seen, { step, batch }: RunEvent & { type: 'batch.given_up' }): Row {
  const { id, at } = parseInstance(step);
  const name = state && batchOf(state, instanceKey(id, [...at, batch]))?.name;
  return { mark: '!', name: name ?? `${id} ${batch}`, text: 'given up: it is taken back, and the next one follows' };
}

function named({ state }: Seen, step: string, text: string): { name: string; text: string } {
  const { name, prefix } = rowName(state, 'steps', step);
  return { name, text: prefix + text };
}

function compared({ differences, say }: RunEvent & { type: 'stack.compared' }): Row {
  if (differences.length === 0) return { mark: '✓', name: 'compare', text: say };
  return { mark: '✗', name: 'compare', text: say, more: differences };
}

function since(at: number, from: number | undefined): { ms?: number } {
  return from === undefined ? {} : { ms: at - from };
}

function details(error: RunError): string[] {
  return [...(error.lines ?? []), ...(error.hint === undefined ? [] : [`→ ${error.hint}`])];
}
