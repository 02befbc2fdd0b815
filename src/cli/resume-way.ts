import { type WayOn, wayOn } from '../engine/crash-policy.ts';
import type { Decision } from '../engine/events.ts';
import type { Program } from '../engine/program.ts';
import type { RunState } from '../engine/run-state.ts';
import { Refusal } from '../errors.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Flags } from './command.ts';

/** What a person says of a run that is taken up: of its parked step, and of the way it shall go. */
export type Wishes = { as?: Decision; on_crash?: Playbook['on_crash'] };

/** What is decided of a parked step goes forward: whoever wants it back says `undo`. */
export function wayOf(program: Program, state: RunState, { as, on_crash }: Wishes): WayOn {
  return wayOn(program, state, as === undefined ? on_crash : 'resume');
}

/** Reads `--as` and `--on-crash`; refuses words they do not know. */
export function wishes({ as, onCrash }: Flags): Wishes {
  return {
    ...(as !== undefined && { as: oneOf<Decision>('--as', as, ['done', 'not-done', 'retry']) }),
    ...(onCrash !== undefined && { on_crash: oneOf<Playbook['on_crash']>('--on-crash', onCrash, ['resume', 'undo']) }),
  };
}

function oneOf<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given);
  if (found !== undefined) return found;
  throw new Refusal('usage', `${option} does not know ${given}.`, { hint: `It takes ${allowed.join(', ')}.` });
}
