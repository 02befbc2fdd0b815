import { expect, test } from 'vitest';
import { irreversibleOf } from '../../src/engine/irreversible.ts';
import type { Program } from '../../src/engine/program.ts';
import type { RunState, StepState } from '../../src/engine/run-state.ts';

const done = (id: string, more: Partial<StepState> = {}): StepState => ({
  id,
  uses: 'x.y',
  phase: 'steps',
  status: 'done',
  attempts: 1,
  evidence: [],
  log: [],
  ...more,
});

const program = {
  plan: {
    steps: [{ id: 'up' }, { id: 'mail', no_undo: 'a mail cannot be called back' }, { id: 'late', no_undo: 'never' }],
    changes: [
      { step: 'up', target: 'volume data', certainty: 'certain', irreversible: 'it is emptied' },
      { step: 'up', target: 'web', certainty: 'unknown', irreversible: 'perhaps' },
    ],
  },
} as unknown as Program;

test('what a run did for good must be told: by the action itself, by the plan, and by steps without a way back', () => {
  const steps = [
    done('up', { outputs: { irreversible: ['the job migrate ran'] } }),
    done('mail[1]'),
    done('mail[2]'),
    done('late', { status: 'failed' }),
    done('late', { phase: 'always' }),
  ];
  expect(irreversibleOf(program, { steps } as unknown as RunState)).toEqual([
    'the job migrate ran',
    'volume data: it is emptied',
    'mail (x.y) was done: a mail cannot be called back',
  ]);
});
