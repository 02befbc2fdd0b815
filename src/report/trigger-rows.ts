import type { RunEvent } from '../engine/events.ts';
import type { RunState, TriggerState } from '../engine/run-state.ts';
import { count, list } from './amounts.ts';
import type { Row } from './rows.ts';
import { clause } from './sentence.ts';

type TriggerEvent = Extract<RunEvent, { type: `trigger.${string}` }>;

/** Rows for what a trigger sees. What is good is told only of one that was not. */
export function triggerRows(event: TriggerEvent, before: TriggerState['now']): Row[] {
  const name = event.trigger;
  switch (event.type) {
    case 'trigger.noted':
      if (event.now === 'bad') return [{ mark: '!', name, text: clause(event.say) }];
      if (event.now === 'no-data') return [{ mark: '!', name, text: blind(event.say) }];
      return before === undefined || before === 'good' ? [] : [{ mark: '·', name, text: `good: ${clause(event.say)}` }];
    case 'trigger.set_aside':
      return [{ mark: '!', name, text: aside(event.because) }];
    case 'trigger.tripped':
      return [{ mark: '✗', name, text: clause(event.say), more: event.lines ?? [] }];
    default:
      return [];
  }
}

/** What the triggers of a run saw, afterwards: each that saw something, then the others in one row. */
export function triggersSeen({ triggers }: RunState): Row[] {
  const watched = triggers.filter(({ status }) => status !== 'measured');
  const telling = watched.flatMap(seen);
  const calm = watched.length - telling.length;
  const who = telling.length === 0 ? count(calm, 'trigger') : `${calm} more`;
  return calm === 0 ? telling : [...telling, { mark: '✓', name: 'watched', text: `${who} saw nothing bad` }];
}

/** What watches right now, and what of it is not well; empty where nothing watches. */
export function watchingLine({ triggers }: RunState): string {
  const open = triggers.filter(({ status }) => status === 'watching' || status === 'set-aside');
  const names = open.map(({ id, status, now, say }) => {
    if (status === 'set-aside') return `${id} (set aside)`;
    if (now === 'no-data') return `${id} (no data)`;
    return now === 'bad' ? `${id} (${clause(say ?? 'bad')})` : id;
  });
  return names.length === 0 ? '' : `watching: ${list(names)}`;
}

function seen({ id: name, status, say, because, lines, samples }: TriggerState): Row[] {
  if (status === 'tripped') return [{ mark: '✗', name, text: clause(say ?? 'tripped'), more: lines ?? [] }];
  if (status === 'set-aside' || because !== undefined)
    return [{ mark: '!', name, text: aside(because ?? 'it did not count') }];
  if (!samples || (samples.bad === 0 && samples.no_data === 0)) return [];
  const { all, bad, no_data } = samples;
  const words = [...(bad > 0 ? [`bad in ${bad}`] : []), ...(no_data > 0 ? [`no data in ${no_data}`] : [])];
  return [{ mark: '·', name, text: `${list(words)} of ${count(all, 'measurement')}, it did not trip` }];
}

function blind(say: string): string {
  return `no data: ${clause(say)}`;
}

function aside(because: string): string {
  return `set aside: ${clause(because)}`;
}
