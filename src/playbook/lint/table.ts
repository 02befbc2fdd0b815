import { type CodeEntry, PROBLEM_CODES } from '../problem-codes.ts';
import { LINT_RULES } from './all.ts';
import type { RuleWords } from './rule.ts';

const codes: Readonly<Record<string, CodeEntry>> = PROBLEM_CODES;

/** Every rule by its name: those of the linter, and the warnings that `plan` and `run` show as well. */
export const RULE_TABLE: Readonly<Record<string, RuleWords>> = Object.fromEntries(
  [
    ...LINT_RULES.map(({ id, title, level, why, fix }) => [id, { title, level, why, fix }] as const),
    ...Object.entries(codes).flatMap(([code, { level, ...words }]) =>
      level === undefined ? [] : [[code, { level, ...words }] as const],
    ),
  ].sort(([left], [right]) => (left < right ? -1 : 1)),
);
