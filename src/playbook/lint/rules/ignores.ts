import { suggestion } from '../../nearest.ts';
import { defineRule } from '../rule.ts';

/** A rule that is set aside, and nobody knows why. */
export const ignoreWithoutReason = defineRule({
  id: 'ignore-without-reason',
  title: 'A rule is to be ignored without a reason',
  level: 'warning',
  why: 'Whoever reads it later cannot tell whether the reason still holds, so nothing is ignored.',
  fix: 'Write it as `# playbook-ignore RULE: reason`.',
  ofIgnore: ({ reason, rules, at }) => {
    if (reason !== '' || rules.length === 0) return [];
    const hint = `write \`# playbook-ignore ${rules.join(', ')}: why\`; until then nothing is ignored`;
    return [{ message: 'this does not say why', hint, place: at() }];
  },
});

/** A name that is none. */
export const unknownIgnore = defineRule({
  id: 'unknown-ignore',
  title: 'There is no such rule to ignore',
  level: 'warning',
  why: 'What was meant is still reported, or was never looked for. Errors cannot be ignored: a playbook with one cannot be used.',
  fix: 'Name a rule of docs/rules.md.',
  ofIgnore: ({ rules, known, errors, at }) => {
    if (rules.length === 0) {
      const hint = 'write `# playbook-ignore RULE: reason`';
      return [{ message: 'this names no rule', hint, place: at() }];
    }
    return rules
      .filter((name) => !known.includes(name))
      .map((name) => ({
        message: errors.includes(name)
          ? `\`${name}\` is an error, and no error can be ignored`
          : `there is no rule \`${name}\``,
        hint: errors.includes(name) ? 'mend it' : (suggestion(name, known, 'rules are') ?? ''),
        place: at(name),
      }));
  },
});

/** An ignore that outlived what it was for. */
export const unusedIgnore = defineRule({
  id: 'unused-ignore',
  title: 'An ignore has nothing to ignore',
  level: 'warning',
  why: 'What it was for is gone, and it would hide the next one that nobody has thought about.',
  fix: 'Remove it. It belongs right above what it is about, or behind it on the same line.',
  ofIgnore: ({ idle, reason, known, rules, at, whole }) =>
    idle
      .filter((name) => reason !== '' && known.includes(name))
      .map((name) => ({
        message: `\`${name}\` finds nothing here`,
        hint: 'remove this, or put it right above what it is about',
        place: at(name),
        ...(rules.every((each) => idle.includes(each)) && { mend: { place: whole, text: '' } }),
      })),
});
