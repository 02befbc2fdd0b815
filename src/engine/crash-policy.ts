import type { Playbook } from '../playbook/types.ts';
import type { Intent } from './decide.ts';
import type { Program } from './program.ts';
import type { RunState } from './run-state.ts';

/** What a run is taken up for: its playbook says so (`on_crash`), unless where it stands leaves only one way. */
export type WayOn = { intent: Exclude<Intent, 'undo'>; because: string } | { ask: true };

/** `asked`: what a person wants in place of the playbook's own `on_crash`. Pure. */
export function wayOn({ playbook }: Program, state: RunState, asked?: Playbook['on_crash']): WayOn {
  if (state.undo) return { intent: 'run', because: 'it was being taken back, and that goes on' };
  if (state.pivot_passed !== undefined)
    return { intent: 'run', because: `its pivot (${state.pivot_passed}) has ended: from there it only goes forward` };
  if (state.started_at === undefined)
    return { intent: 'crash', because: 'it had not begun: a new run judges its guards anew' };
  if (playbook.rollback === 'never') return { intent: 'run', because: 'its playbook takes nothing back' };
  const policy = asked ?? playbook.on_crash;
  if (policy === 'ask') return { ask: true };
  const because = asked === undefined ? `its playbook says so (on_crash: ${policy})` : 'as asked';
  return { intent: policy === 'undo' ? 'crash' : 'run', because };
}
