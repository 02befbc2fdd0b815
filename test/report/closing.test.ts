import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/engine/events.ts';
import { closingLines, wentWrong } from '../../src/report/closing.ts';
import { created, failed, NIGHT, ROOT, receipt, started, stateOf, undone } from '../support/events.ts';

const begin = [created(), { type: 'run.started' } as const, started('up', 'compose.up')];
const error = { class: 'exit', message: 'it exited with 1', hint: 'Read its log' } as const;
const end = (status: RunStatus, say: string) => [{ wait: 5000 }, { type: 'run.ended', status, say } as const];

describe('the closing lines', () => {
  it('must not speak of a rollback where nothing had been changed', () => {
    const state = stateOf(
      ...begin,
      failed('up', error),
      { type: 'undo.started', cause: 'failure', step: 'up', error },
      ...end('rolled-back', 'x'),
    );
    expect(closingLines(state)).toEqual([
      'Failed after 5 s, before anything was changed. up failed: it exited with 1.',
      'Next: Read its log.',
    ]);
  });

  it('must say that an undo that was asked for is done, not that something failed', () => {
    const state = stateOf(
      ...begin,
      receipt('up', 1),
      { type: 'undo.started', cause: 'asked' },
      ...undone('up', 1, 'web is back'),
      ...end('rolled-back', 'x'),
    );
    expect(closingLines(state)).toEqual(['Taken back as asked, in 5.9 s.', 'Every change is taken back.']);
  });

  it('must name the deadline where that was the reason', () => {
    const state = stateOf(
      ...begin,
      receipt('up', 1),
      { type: 'deadline.passed' },
      { type: 'undo.started', cause: 'timeout' },
      ...undone('up', 1, 'web is back'),
      ...end('rolled-back', 'x'),
    );
    expect(closingLines(state)[0]).toBe('Rolled back after 5.9 s: The deadline of the run passed.');
  });

  it('must say who cancelled, and that nothing was changed where nothing was', () => {
    const state = stateOf(
      ...begin,
      { type: 'cancel.asked', by: ROOT },
      { type: 'undo.started', cause: 'cancel' },
      ...end('cancelled', 'x'),
    );
    expect(closingLines(state)).toEqual(['Cancelled by root after 5 s, before anything was changed.']);
  });

  it('must name each thing that is left once, with what stands in its way first', () => {
    const undoError = { class: 'conflict', message: 'the network is in use', hint: 'Disconnect it' } as const;
    const state = stateOf(
      ...begin,
      receipt('up', 1),
      failed('up', error),
      { type: 'undo.started', cause: 'failure', step: 'up', error },
      { type: 'receipt.undo_failed', step: 'up', receipt: 1, error: undoError },
      { type: 'stack.compared', differences: ['web does not run', 'web does not run'], say: '1 difference is left' },
      ...end('rollback-failed', 'x'),
    );
    expect(closingLines(state)).toEqual([
      'The rollback FAILED after 5 s: up failed: it exited with 1.',
      '  left: up: the network is in use',
      '  left: web does not run',
      'Next: Disconnect it.',
      'Next: Read its log.',
      'To try the way back again: playbook undo k3f9',
    ]);
  });

  it('F51 a failed rollback must say where it stopped, and how to get back to what ran before it', () => {
    const say = 'up failed: it exited with 1. shop is not back on release r1: what was changed so far stays.';
    const state = stateOf(...begin, receipt('up', 1), failed('up', error), ...end('rollback-failed', say));
    expect(closingLines(state)).toEqual([
      `The rollback FAILED after 5 s. ${say}`,
      'Next: Read its log.',
      'To put back what ran before it: playbook undo k3f9',
    ]);
  });

  it('must name first what was kept of what failed, and everything once', () => {
    const kept = (step: string, name: string) => ({ type: 'evidence.kept', step, name, bytes: 1 }) as const;
    const state = stateOf(
      ...begin,
      started('healthy', 'health.wait'),
      kept('healthy', 'web.log'),
      failed('healthy', error),
      { type: 'undo.started', cause: 'failure', step: 'healthy', error },
      kept('up', 'worker.log'),
      kept('up', 'web.log'),
      ...end('rolled-back', 'x'),
    );
    expect(closingLines(state)).toContain('Kept for you: web.log and worker.log · playbook show k3f9 --evidence');
  });

  it('must not list more evidence than a line holds', () => {
    const kept = ['a', 'b', 'c', 'd', 'e', 'f'].map(
      (name) => ({ type: 'evidence.kept', step: 'up', name, bytes: 1 }) as const,
    );
    const state = stateOf(...begin, ...kept, failed('up', error), ...end('failed', 'up failed'));
    expect(closingLines(state)).toContain('Kept for you: a, b, c and 3 more · playbook show k3f9 --evidence');
  });

  it('must say of an interrupted run that it reserves the stack, and how to free it', () => {
    const state = { ...stateOf(...begin, receipt('up', 1)), status: 'interrupted' as const };
    expect(closingLines(state)).toEqual([
      'Interrupted: the process of run k3f9 is gone, and shop stays reserved.',
      'To take it up again: playbook resume k3f9 (with --plan: what that would do)',
      'To take back what it did: playbook undo k3f9',
      'To see what it did: playbook show k3f9',
    ]);
  });

  it('F87 must say of a waiting run what it waits for', () => {
    const state = stateOf(created(), { type: 'run.waiting', because: 'run k3f8 of root holds shop' });
    expect(closingLines(state)).toEqual(['Waiting: run k3f8 of root holds shop.']);
  });

  it('F83 must keep a failure that was handled visible', () => {
    const state = stateOf(
      ...begin,
      failed('up', error, { retry_at: NIGHT + 1 }),
      started('up', 'compose.up', { attempt: 2 }),
      { type: 'step.ended', phase: 'steps', step: 'up', attempt: 2, outputs: {} },
      started('tell', 'notify.webhook', { phase: 'always' }),
      failed('tell', error, { phase: 'always' }),
      ...end('succeeded', 'done'),
    );
    expect(closingLines(state)).toEqual([
      'Done in 5 s.',
      'Note: up needed 2 attempts.',
      'Note: tell failed: it exited with 1. That did not change how the run ended.',
    ]);
  });

  it.each([
    ['succeeded', false],
    ['nothing-to-do', false],
    ['rolled-back', true],
    ['failed', true],
    ['no-go', true],
    ['cancelled', true],
    ['interrupted', true],
  ] as const)('must know whether %s needs a look', (status, wrong) => {
    expect(wentWrong({ ...stateOf(created()), status })).toBe(wrong);
  });
});
