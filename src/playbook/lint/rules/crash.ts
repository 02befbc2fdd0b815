import { actionOf } from '../about.ts';
import { defineRule, type Finding } from '../rule.ts';

/** A step that parks the run when the machine dies in it. */
export const opaqueWithoutProbe = defineRule({
  id: 'opaque-without-probe',
  title: 'Nobody can tell whether a cut step has had its effect',
  level: 'notice',
  why: 'When the machine dies in such a step, the run waits for a person, at night too.',
  fix: 'Add a `probe` that tells whether it has happened.',
  find: (reading) =>
    reading.outline.steps.flatMap((step): Finding[] => {
      if (actionOf(step, reading)?.effect !== 'opaque' || step.probe) return [];
      const message = `when \`${step.use.name}\` is cut, nobody can tell whether it has had its effect`;
      const hint = 'add a `probe`, such as `{ uses: http.check, with: { … }, done: … }`';
      return [{ message, hint, place: reading.locate.value([...step.path, 'uses']) }];
    }),
});
