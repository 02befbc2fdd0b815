import { defineRule } from '../rule.ts';

/** A measurement that fails in silence. */
export const triggerWithoutNoData = defineRule({
  id: 'trigger-without-no-data',
  title: 'A trigger does not say what it does while it cannot measure',
  level: 'notice',
  why: 'A measurement that fails is never taken for a bad one, so a trigger that cannot measure protects nothing, and the run ends as good.',
  fix: 'Write `no_data: pause` to watch on until there is data again, or `no_data: ignore` to go on without.',
  find: ({ outline, locate }) =>
    outline.triggers
      .filter(({ raw }) => raw['bad'] !== undefined && raw['no_data'] === undefined)
      .map(({ path }) => ({
        message: 'this trigger goes on without data when it cannot measure, and does not say that it shall',
        hint: 'write `no_data: pause` or `no_data: ignore`',
        place: locate.key([...path, 'bad']),
      })),
});
