import type { Level, Mend, Place } from '../../errors.ts';
import type { Reading } from '../reading.ts';
import type { JudgedIgnore } from './ignores.ts';

/** What a rule has found; its code and its level are those of the rule. */
export type Finding = {
  /** What is wrong, as one sentence without a full stop. */
  message: string;
  /** What to do about it. */
  hint: string;
  place: Place;
  other?: { place: Place; message: string };
  mend?: Mend;
};

/** What `explain` and the reference page say of a rule. */
export type RuleWords = {
  title: string;
  level: Level;
  /** What goes wrong without it, in one sentence. */
  why: string;
  /** How to mend it. */
  fix: string;
};

/** A rule of the linter: it sees playbooks without errors only, so what it reads has the right shape. */
export type LintRule<Id extends string = string> = RuleWords & { id: Id } & (
    | { find(reading: Reading): Finding[] }
    | { ofIgnore(ignore: JudgedIgnore): Finding[] }
  );

/** Keeps the id as a type, so that a code that is no rule does not compile. */
export function defineRule<const Id extends string>(rule: LintRule<Id>): LintRule<Id> {
  return rule;
}
