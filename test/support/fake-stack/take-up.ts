import type { Intent } from '../../../src/engine/decide.ts';
import type { Start } from '../../../src/engine/engine.ts';
import type { RunEvent } from '../../../src/engine/events.ts';
import type { Program } from '../../../src/engine/program.ts';
import type { RunState } from '../../../src/engine/run-state.ts';
import { foldEvents } from '../../../src/engine/state.ts';
import { carry, type Host, type Remains } from './process.ts';

/** More than there are opaque steps: then nothing would ever come to an end. */
const MOST = 20;

/**
 * Takes up what is left of a run until it has ended, by one process after the other: of a step that waits for a person it
 * is said whether it really happened. Gives what would have remained at the nth point of the first process, and how many it had.
 */
export async function takeUp(
  host: Host,
  program: Program,
  intent: Intent,
  nth = 0,
): Promise<{ state: RunState; cut: Remains | undefined; points: number }> {
  const first = await carry(host, program, startOf(host, intent), (point) => point === nth);
  let { state } = first;
  for (let again = 0; state.ended_at === undefined; again += 1) {
    if (!state.parked) throw new Error(`it stopped without an end: ${state.status}`);
    if (again === MOST) throw new Error(`it is parked again and again: ${state.parked.say}`);
    state = (await carry(host, program, startOf(host, intent))).state;
  }
  return { state, cut: first.cuts[0], points: first.points };
}

/** A process that died before the very first event has left no run: then it begins. */
function startOf(host: Host, intent: Intent): Start {
  if (host.events.length === 0) return { intent: 'run' };
  const state = foldEvents(host.events);
  if (!state.parked) return { state, intent };
  const { step } = state.parked;
  return { state, intent, decided: { step, as: hasHappened(host, state, step) ? 'done' : 'retry' } };
}

function hasHappened({ model, receipts }: Host, state: RunState, step: string): boolean {
  const last = state.receipts.findLast((receipt) => receipt.step === step);
  const content = last && receipts[last.ref.file];
  if (content === null || typeof content !== 'object' || !('what' in content)) return false;
  return typeof content['what'] === 'string' && model.sent.includes(content['what']);
}

/** What a journal must not say, however often its run was taken up: one clause for each thing. */
export function faultsIn(events: readonly RunEvent[]): string[] {
  const ended = new Set<string>();
  const attempts = new Map<string, number>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.type === 'step.started' && event.phase === 'steps') {
      if (ended.has(event.step)) faults.push(`${event.step} ran again after it had ended`);
      const before = attempts.get(event.step) ?? 0;
      const block = event.uses === 'for_each' || event.uses === 'parallel';
      if (!block && event.attempt !== before + 1)
        faults.push(`attempt ${event.attempt} of ${event.step} follows ${before}`);
      attempts.set(event.step, event.attempt);
    }
    if ((event.type === 'step.ended' || event.type === 'step.skipped') && event.phase === 'steps')
      ended.add(event.step);
    if (event.type === 'step.probed' && event.found === 'done') ended.add(event.step);
  }
  // Triggers may still say that they have ended.
  const last = events.findLast(({ type }) => !type.startsWith('trigger.'))?.type;
  if (last !== 'run.ended') faults.push(`it ends with ${last}`);
  return faults;
}
