import { formatDuration, parseDuration } from '../../duration.ts';
import type { Reading } from '../../reading.ts';
import { ownWait, waitOf } from '../../waits.ts';
import { actionOf, textAt } from '../about.ts';
import { defineRule, type Finding } from '../rule.ts';

/** A command runs for as long as it likes. */
export const noTimeout = defineRule({
  id: 'no-timeout',
  title: 'A command runs without a time limit of its own',
  level: 'notice',
  why: 'Only its author knows how long a command may take; the limit that holds for all of them is too long for most.',
  fix: 'Give the step a `timeout`.',
  find: (reading) =>
    [...reading.outline.steps, ...reading.outline.always].flatMap((step): Finding[] => {
      const action = actionOf(step, reading);
      if (!action || !['opaque', 'probed'].includes(action.effect) || step.raw['timeout'] !== undefined) return [];
      const message = `\`${step.use.name}\` may run for as long as ${action.timeout}, for the step says nothing else`;
      return [{ message, hint: 'give it a `timeout`', place: reading.locate.value([...step.path, 'uses']) }];
    }),
});

/** The run would always be stopped in its waits. */
export const deadlineTooShort = defineRule({
  id: 'deadline-too-short',
  title: 'The deadline is over before the waits are',
  level: 'warning',
  why: 'Soaks and health waits take their time in every run, so a run with such a deadline can never end well.',
  fix: 'Set a later `deadline`, or let the steps wait for less.',
  find: (reading) => {
    const deadline = parseDuration(textAt(reading.value, ['deadline']) ?? '');
    const waits = reading.outline.tops.reduce((sum, top) => sum + (waitOf(top, reading) ?? 0), 0);
    if (deadline === undefined || waits < deadline) return [];
    const message = `the steps wait for ${formatDuration(waits)} in any case, and the run has ${formatDuration(deadline)}`;
    return [{ message, hint: 'give it more time than that', place: reading.locate.value(['deadline']) }];
  },
});

/** A wait that is always cut. */
export const timeoutTooShort = defineRule({
  id: 'timeout-too-short',
  title: 'A step is stopped before its own wait is over',
  level: 'warning',
  why: 'The step waits for longer than its `timeout` allows, so it fails in every run.',
  fix: 'Set a longer `timeout`, or wait for less.',
  find: (reading) => reading.outline.steps.flatMap((step) => cutWait(step, reading)),
});

function cutWait(step: Reading['outline']['steps'][number], reading: Reading): Finding[] {
  const timeout = parseDuration(textAt(step.raw, ['timeout']) ?? '');
  const wait = timeout === undefined ? undefined : ownWait(step, reading);
  if (timeout === undefined || wait === undefined || wait < timeout) return [];
  const message = `the step waits for ${formatDuration(wait)}, and it has ${formatDuration(timeout)}`;
  return [{ message, hint: 'give it more time than that', place: reading.locate.value([...step.path, 'timeout']) }];
}
