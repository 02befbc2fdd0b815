import { CouldNotEvaluate, evaluateCondition, referencedPaths } from '../../../expression/condition.ts';
import type { Condition } from '../../conditions.ts';
import type { Reading } from '../../reading.ts';
import { defineRule } from '../rule.ts';

/** What is never done. */
export const unreachable = defineRule({
  id: 'unreachable-step',
  title: 'A step is never reached',
  level: 'warning',
  why: 'It looks as if it did something, and in no run it does.',
  fix: 'Remove it, or let its condition ask for something.',
  find: (reading) => {
    const never = reading.conditions.filter((one) => one.field === 'when' && constant(one) === false);
    const empty = reading.conditions.filter(({ list, text }) => list && /^\s*\[\s*\]\s*$/.test(text));
    return [
      ...never.map(({ path }) => ({
        path,
        message: 'this is false in every run, so what it belongs to is never done',
      })),
      ...empty.map(({ path }) => ({ path, message: 'this list is empty in every run, so the loop does nothing' })),
    ].map(({ path, message }) => ({
      message,
      hint: 'remove it, or ask for a fact or an input',
      place: reading.locate.value(path),
    }));
  },
});

/** A condition that decides nothing. */
export const constantCondition = defineRule({
  id: 'constant-condition',
  title: 'A condition is true in every run',
  level: 'notice',
  why: 'It looks as if it decided something; whoever reads the playbook looks for what.',
  fix: 'Remove it, or let it ask for something.',
  find: (reading: Reading) =>
    reading.conditions
      .filter((one) => ['when', 'expect'].includes(one.field) && constant(one) === true)
      .map(({ path, field }) => ({
        message: `this \`${field}\` is true in every run`,
        hint: 'remove it, or ask for a fact, an input or a result',
        place: reading.locate.value(path),
      })),
});

const NOTHING = { inputs: {}, facts: {}, steps: {}, types: { inputs: {}, facts: {}, steps: {} } };

function constant({ text }: Condition): boolean | undefined {
  if (referencedPaths(text).length > 0) return undefined;
  try {
    return evaluateCondition(text, NOTHING).value;
  } catch (error) {
    if (error instanceof CouldNotEvaluate) return undefined;
    throw error;
  }
}
