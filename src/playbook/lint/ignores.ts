import { type Document, isCollection, isPair, isScalar, LineCounter, visit } from 'yaml';
import type { Place, Problem } from '../../errors.ts';
import { isError } from '../problems.ts';
import { type Comment, commentsOf } from './comments.ts';

/** `# playbook-ignore RULE: reason`, and the lines it is about. */
export type Ignore = { comment: Comment; rules: readonly string[]; reason: string; from: number; to: number };

/** An ignore after all rules have looked; `idle` are those of its rules that found nothing there. */
export type JudgedIgnore = Ignore & {
  idle: readonly string[];
  /** The names of all rules, and those of the errors. */
  known: readonly string[];
  errors: readonly string[];
  /** Where it stands, or where a name stands in it. */
  at(name?: string): Place;
  /** All of it: its line where it stands alone, else with the blanks before it. */
  whole: Place;
};

const WORD = 'playbook-ignore';

/** What a file asks to ignore. Without the word in it, nothing is read again. */
export function ignoresOf(text: string, document: Document): Ignore[] {
  if (!text.includes(WORD)) return [];
  const lines = lineCounter(text);
  const spans = spansOf(document, lines);
  return commentsOf(text).flatMap((comment): Ignore[] => {
    const said = /^#+\s*playbook-ignore(?![\w-])([^:]*)(?::(.*))?$/s.exec(comment.text);
    if (!said) return [];
    const rules = (said[1] ?? '').split(/[\s,]+/).filter((name) => name !== '');
    const own = lines.linePos(comment.start).line;
    const covered = comment.alone ? below(own, text, spans) : { from: own, to: own };
    return [{ comment, rules, reason: (said[2] ?? '').trim(), ...covered }];
  });
}

/** The problems that nobody asked to ignore, and the pairs of ignore and rule that took one away. Errors stay. */
export function withoutIgnored(
  problems: readonly Problem[],
  ignores: readonly Ignore[],
): { left: Problem[]; used: ReadonlySet<string> } {
  const used = new Set<string>();
  const left = problems.filter((problem) => {
    const line = problem.place?.line;
    if (isError(problem) || line === undefined) return true;
    const meant = ignores.filter(
      ({ rules, reason, from, to }) => reason !== '' && from <= line && line <= to && rules.includes(problem.code),
    );
    for (const ignore of meant) used.add(usedKey(ignore, problem.code));
    return meant.length === 0;
  });
  return { left, used };
}

export function usedKey({ comment }: Ignore, rule: string): string {
  return `${comment.start} ${rule}`;
}

type Span = { from: number; to: number };

/** An ignore that stands alone is about what begins on the next line that says something, to its end. */
function below(own: number, text: string, spans: readonly Span[]): Span {
  const rest = text.split('\n').slice(own);
  const skipped = rest.findIndex((line) => !/^\s*(#|$)/.test(line));
  const next = own + 1 + Math.max(skipped, 0);
  const there = spans.filter(({ from }) => from === next);
  return { from: next, to: Math.max(next, ...there.map(({ to }) => to)) };
}

/** From which to which line each key with its value stands, and each item of a list. */
function spansOf(document: Document, lines: LineCounter): Span[] {
  const spans: Span[] = [];
  const lineOf = (offset: number) => lines.linePos(Math.max(offset, 0)).line;
  const add = (start: unknown, end: unknown): void => {
    const [from, to] = [rangeOf(start), rangeOf(end) ?? rangeOf(start)];
    if (from && to) spans.push({ from: lineOf(from[0]), to: lineOf(to[1] - 1) });
  };
  visit(document, {
    Pair: (_key, pair) => add(pair.key, pair.value),
    Node: (key, node) => {
      if (typeof key === 'number' && !isPair(node)) add(node, node);
    },
  });
  return spans;
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (isScalar(node) || isCollection(node)) && node.range ? node.range : undefined;
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
