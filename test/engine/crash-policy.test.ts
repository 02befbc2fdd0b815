import { expect, test } from 'vitest';
import { wayOn } from '../../src/engine/crash-policy.ts';
import type { Program } from '../../src/engine/program.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import type { Playbook } from '../../src/playbook/types.ts';
import { playbook } from '../support/fake-run.ts';

type Case = [string, Partial<Playbook>, Partial<RunState>, Playbook['on_crash'] | undefined, string];
const undo = { cause: 'failure', at: 1 } as const;

test.each<Case>([
  ['as the playbook says: back', { on_crash: 'undo' }, {}, undefined, 'crash'],
  ['as the playbook says: on', { on_crash: 'resume' }, {}, undefined, 'run'],
  ['by asking, where it says so', { on_crash: 'ask' }, {}, undefined, 'ask'],
  ['as a person says, whatever the playbook does: on', { on_crash: 'undo' }, {}, 'resume', 'run'],
  ['as a person says, whatever the playbook does: back', { on_crash: 'ask' }, {}, 'undo', 'crash'],
  ['forward after the pivot, whoever wants it otherwise', {}, { pivot_passed: 'soak' }, 'undo', 'run'],
  ['further back, once it was turning back', { on_crash: 'resume' }, { undo }, undefined, 'run'],
  ['forward where the playbook takes nothing back', { rollback: 'never' }, {}, undefined, 'run'],
  ['to its end where it had not begun', { on_crash: 'resume' }, { started_at: 0 }, undefined, 'crash'],
])('a run that was cut must go %s', (_, book, more, asked, expected) => {
  const program = { playbook: playbook([], book) } as unknown as Program;
  const { started_at = 1, ...rest } = more;
  const state = { ...rest, ...(started_at > 0 && { started_at }) } as RunState;
  const way = wayOn(program, state, asked);
  expect('ask' in way ? 'ask' : way.intent).toBe(expected);
});
