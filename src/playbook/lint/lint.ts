import type { Problem } from '../../errors.ts';
import type { Registry } from '../../runner/registry.ts';
import { type Parsed, parseYaml, type Source } from '../parse.ts';
import { PROBLEM_CODES } from '../problem-codes.ts';
import { isError, sortProblems } from '../problems.ts';
import { validate } from '../validate.ts';
import { LINT_RULES } from './all.ts';
import { type Ignore, ignoresOf, type JudgedIgnore, usedKey, withoutIgnored } from './ignores.ts';
import type { Finding } from './rule.ts';
import { RULE_TABLE } from './table.ts';

/** Every problem of a playbook as `loadPlaybook` finds them, and of one without errors what the rules say besides. */
export async function lintPlaybook(source: Source, registry: Registry): Promise<Problem[]> {
  const read = parseYaml(source);
  if ('problems' in read) return sortProblems(read.problems);
  const { problems, reading } = await validate(read.parsed, registry);
  const ignores = ignoresOf(read.parsed.text, read.parsed.document);
  if (!reading || problems.some(isError)) return sortProblems(withoutIgnored(problems, ignores).left);
  const found = LINT_RULES.flatMap((rule) => ('find' in rule ? asProblems(rule, rule.find(reading)) : []));
  const { left, used } = withoutIgnored([...problems, ...found], ignores);
  return sortProblems([...left, ...ignores.flatMap((ignore) => judged(ignore, used, read.parsed))]);
}

function asProblems({ id, level }: OneRule, findings: readonly Finding[]): Problem[] {
  return findings.map((finding) => ({ code: id, level, ...finding }));
}

type OneRule = (typeof LINT_RULES)[number];

/** What is wrong with an ignore itself. */
function judged(ignore: Ignore, used: ReadonlySet<string>, { locate, text }: Parsed): Problem[] {
  const { comment, rules } = ignore;
  const { start, end } = extentOf(comment, text);
  const judgedIgnore: JudgedIgnore = {
    ...ignore,
    whole: locate.at(start, end - start),
    idle: rules.filter((name) => !used.has(usedKey(ignore, name))),
    known: Object.keys(RULE_TABLE),
    errors: Object.keys(PROBLEM_CODES).filter((code) => !Object.hasOwn(RULE_TABLE, code)),
    at(name) {
      if (name === undefined) return locate.at(comment.start, comment.text.length);
      return locate.at(comment.start + comment.text.indexOf(name, comment.text.indexOf('ignore') + 6), name.length);
    },
  };
  return LINT_RULES.flatMap((rule) => ('ofIgnore' in rule ? asProblems(rule, rule.ofIgnore(judgedIgnore)) : []));
}

function extentOf({ start, text: comment, alone }: Ignore['comment'], text: string): { start: number; end: number } {
  const before = text.slice(0, start).trimEnd().length;
  const end = start + comment.length;
  if (!alone) return { start: before, end };
  const next = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: next < 0 ? text.length : next + 1 };
}
