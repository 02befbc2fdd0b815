import { describe, expect, test } from 'vitest';
import {
  EXIT_CODES,
  exitCodeOfError,
  exitCodeOfPlan,
  exitCodeOfRun,
  exitCodeOfUndo,
} from '../../src/cli/exit-codes.ts';
import type { RunStatus } from '../../src/engine/events.ts';
import { Defect, Problems, Refusal, type RefusalReason, StepFailure } from '../../src/errors.ts';

const OF_RUNS: Record<RunStatus, [run: number, undo: number]> = {
  succeeded: [0, 0],
  'nothing-to-do': [0, 0],
  'no-go': [3, 3],
  'rolled-back': [4, 0],
  'partially-rolled-back': [5, 5],
  'rollback-failed': [5, 5],
  failed: [5, 5],
  waiting: [5, 5],
  running: [5, 5],
  interrupted: [5, 5],
  'needs-decision': [6, 6],
  cancelled: [130, 0],
};

test('F47 a rolled-back run must not exit 0, but the undo that was asked for must', () => {
  const codes = Object.keys(OF_RUNS).map((status) => [
    exitCodeOfRun(status as RunStatus),
    exitCodeOfUndo(status as RunStatus),
  ]);
  expect(codes).toEqual(Object.values(OF_RUNS));
});

const OF_REFUSALS: Record<RefusalReason, number> = {
  usage: 2,
  'no-go': 3,
  declined: 3,
  'needs-decision': 6,
  locked: 7,
  'stale-plan': 8,
  unavailable: 9,
};

describe('an error must exit with what it is', () => {
  test.each(Object.entries(OF_REFUSALS))('a refusal because of %s', (reason, code) => {
    expect(exitCodeOfError(new Refusal(reason as RefusalReason, 'x'))).toBe(code);
  });
  test.each([
    ['problems in the input', new Problems([]), 2],
    ['a bug of ours', new Defect('x'), 1],
    ['a failure that nobody caught', new StepFailure('x', { class: 'exit' }), 1],
    ['anything else', 'x', 1],
  ])('%s', (_what, error, code) => expect(exitCodeOfError(error)).toBe(code));
});

test('F74 plan must tell no-go, nothing, changes and undecided apart, the last three only when asked', () => {
  const verdicts = ['no-go', 'nothing-to-do', 'changes', 'undecided'] as const;
  expect(verdicts.map((verdict) => exitCodeOfPlan(verdict, 'plain'))).toEqual([3, 0, 0, 0]);
  expect(verdicts.map((verdict) => exitCodeOfPlan(verdict, 'detailed'))).toEqual([3, 0, 10, 11]);
});

test('every exit code must stand once in the table, in order', () => {
  const codes = EXIT_CODES.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((one, other) => one - other));
});
