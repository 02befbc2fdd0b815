import { formatDuration } from '../playbook/duration.ts';
import type { TriggerUse } from '../playbook/types.ts';
import { untilOf } from '../playbook/windows.ts';
import type { RunError } from './events.ts';
import type { Program } from './program.ts';
import type { RunState } from './run-state.ts';
import { stepState } from './state.ts';

/** So long a run waits for data at most: then nobody can say that all is well, and it goes back. */
const LONGEST = 10 * 60_000;
/** How often it is looked whether there are data. */
const EVERY = 1_000;

type Held = { do: 'wait'; until: number } | { do: 'turn back'; cause: 'timeout'; step: string; error: RunError };

/** Whether a trigger with `no_data: pause` keeps the run at the end of a step, because nothing can be measured. */
export function heldBack(program: Program, state: RunState, step: string, now: number): Held | undefined {
  const { rollback } = program.playbook;
  const ended = stepState(state, 'steps', step)?.ended_at;
  if (rollback === 'never' || ended === undefined) return undefined;
  const blind = rollback.triggers.find((use) => untilOf(program.playbook, use) === step && isBlind(use, state));
  if (!blind) return undefined;
  if (now < ended + LONGEST) return { do: 'wait', until: now + EVERY };
  const say = state.triggers.find(({ id }) => id === blind.id)?.say ?? 'nothing was measured';
  const message = `${blind.id} could not be measured for ${formatDuration(LONGEST)}: ${say}`;
  return { do: 'turn back', cause: 'timeout', step, error: { class: 'unavailable', message } };
}

function isBlind({ id, no_data }: TriggerUse, { triggers }: RunState): boolean {
  const known = triggers.find((trigger) => trigger.id === id);
  if (no_data !== 'pause' || known === undefined) return false;
  return known.status === 'watching' && (known.now === undefined || known.now === 'no-data');
}
