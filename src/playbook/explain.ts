import { KEYS, type KeyEntry, NOT_YET } from './keys.ts';
import type { RuleWords } from './lint/rule.ts';
import { RULE_TABLE } from './lint/table.ts';
import { type CodeEntry, PROBLEM_CODES } from './problem-codes.ts';

const keys: Readonly<Record<string, KeyEntry>> = KEYS;
const codes: Readonly<Record<string, CodeEntry>> = PROBLEM_CODES;

/** What a key of the language or a problem code means; nothing for a word that is neither. */
export function explainWord(word: string): string | undefined {
  const wanted = word.replace(/^\[|\]$/g, '');
  const rule = Object.hasOwn(RULE_TABLE, wanted) ? RULE_TABLE[wanted] : undefined;
  if (rule) return ruleText(wanted, rule);
  const code = Object.hasOwn(codes, wanted) ? codes[wanted] : undefined;
  if (code) return codeText(wanted, code);
  const found = Object.entries(keys).filter(([path]) => isMeant(path, wanted));
  if (found.length > 0) return found.map(([path, entry]) => keyText(path, entry)).join('\n');
  const later = Object.entries(NOT_YET).find(([path]) => path === wanted || lastName(path) === wanted);
  return later && `${later[1]}.\n`;
}

/** Every word that `explainWord` knows. */
export function explainableWords(): string[] {
  const words = [
    ...Object.keys(keys).flatMap((path) => [path, lastName(path)]),
    ...Object.keys(codes),
    ...Object.keys(RULE_TABLE),
  ];
  return [...new Set([...words, ...Object.keys(NOT_YET).map(lastName)])].sort();
}

/** Whether it is the name of a rule of the linter, which a comment may set aside. */
export function isRule(word: string): boolean {
  return Object.hasOwn(RULE_TABLE, word);
}

export function isProblemCode(word: string): boolean {
  return Object.hasOwn(codes, word) || isRule(word);
}

/** By its path as listed or as written, or by its last name alone: `retry.if`, `steps[].retry.if` and `if`. */
function isMeant(path: string, word: string): boolean {
  const plain = path.replaceAll('[]', '').replaceAll('.*', '');
  const asked = word.replaceAll(/\[\d*\]/g, '').replaceAll('.*', '');
  return plain === asked || lastName(path) === asked || plain.endsWith(`.${asked}`);
}

function lastName(path: string): string {
  return path.split('.').at(-1)?.replace('[]', '') ?? path;
}

function keyText(path: string, { description, shape, example }: KeyEntry): string {
  return `${path}\n${indented(description)}\n  Takes: ${shape}\n\n${indented(example, 4)}\n`;
}

function codeText(code: string, { title, why, fix }: CodeEntry): string {
  return `${code}: ${title}\n${indented(why)}\n${indented(fix)}\n`;
}

function ruleText(name: string, { title, level, why, fix }: RuleWords): string {
  const aside = `A ${level}; a comment sets it aside: \`# playbook-ignore ${name}: reason\`.`;
  return `${name}: ${title}\n${indented(why)}\n${indented(fix)}\n${indented(aside)}\n`;
}

function indented(text: string, by = 2): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}
