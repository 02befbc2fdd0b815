import type { Playbook, TriggerUse } from '../playbook/types.ts';
import { windowOf } from '../playbook/windows.ts';
import type { RunState } from './run-state.ts';
import { stepState } from './state.ts';

/**
 * The triggers that watch at this moment. None before the first change: nothing could be taken back. None once the run
 * turns back or has passed its pivot. A trigger of the plan that is off is not among them.
 */
export function watchedNow(playbook: Playbook, state: RunState, off: ReadonlySet<string>): TriggerUse[] {
  const { rollback } = playbook;
  if (rollback === 'never' || !rollback.on.includes('trigger') || !state.captured) return [];
  if (state.undo || state.pivot_passed !== undefined || state.ended_at !== undefined || state.parked) return [];
  if (state.cancel_asked_by || state.deadline_passed) return [];
  return rollback.triggers.filter((use) => !off.has(use.id) && isOpen(playbook, use, state));
}

/** From the end of `from` on; its window stays open until the run has gone on after `until`, for it may be held there. */
function isOpen(playbook: Playbook, use: TriggerUse, state: RunState): boolean {
  const ended = (id: string | undefined) => {
    const status = id === undefined ? undefined : stepState(state, 'steps', id)?.status;
    return status === 'done' || status === 'skipped';
  };
  const ids = playbook.steps.map(({ id }) => id);
  const [first, last] = [windowOf(playbook, use)[0], windowOf(playbook, use).at(-1)];
  const before = first === undefined ? undefined : ids[ids.indexOf(first) - 1];
  if (first === undefined || (use.from !== 'start' && !ended(before))) return false;
  const next = ids[ids.indexOf(last ?? '') + 1];
  const goneOn = next !== undefined && stepState(state, 'steps', next) !== undefined;
  return !(ended(last) && (use.no_data === 'ignore' || goneOn));
}
