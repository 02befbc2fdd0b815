import type { Problem } from '../../errors.ts';
import { parseDuration } from '../duration.ts';
import { inputFaults, inputRuleFaults } from '../input-value.ts';
import type { Path } from '../path.ts';
import type { Reading } from '../reading.ts';
import { parseSize } from '../size.ts';
import type { InputDeclaration } from '../types.ts';

/** A declaration's rules must go with its type, and its default must keep them. */
export function inputDeclarations({ outline, locate }: Reading): Problem[] {
  return Object.entries(outline.inputs).flatMap(([name, raw]) => {
    const problem = (key: string, message: string, hint?: string): Problem => ({
      code: 'bad-declaration',
      message,
      ...(hint && { hint }),
      place: locate.key(['inputs', name, key] satisfies Path),
    });
    const rules = ruleProblems(raw, problem);
    const source = locate.plainSource(['inputs', name, 'default']);
    return rules.length > 0 || !isWhole(raw) ? rules : defaultProblems(raw, source, problem);
  });
}

type Say = (key: string, message: string, hint?: string) => Problem;

/** Which types each rule makes sense for. */
const RULES: Record<string, readonly string[]> = {
  values: ['enum'],
  items: ['list'],
  pattern: ['string', 'path', 'url', 'service', 'list'],
  min_length: ['string', 'path', 'url', 'service'],
  max_length: ['string', 'path', 'url', 'service'],
  min: ['integer', 'number', 'duration', 'size', 'list'],
  max: ['integer', 'number', 'duration', 'size', 'list'],
};

function ruleProblems(raw: Record<string, unknown>, problem: Say): Problem[] {
  const { type } = raw;
  if (typeof type !== 'string') return [];
  const misplaced = Object.entries(RULES)
    .filter(([rule, types]) => raw[rule] !== undefined && !types.includes(type))
    .map(([rule, types]) =>
      problem(rule, `\`${rule}\` does not go with the type \`${type}\``, `it goes with ${types.join(', ')}`),
    );
  const noValues =
    type === 'enum' && raw['values'] === undefined
      ? [problem('type', 'an `enum` needs `values`', 'list what is allowed')]
      : [];
  const limits = ['min', 'max'].filter((rule) => raw[rule] !== undefined && !isLimit(type, raw[rule]));
  return [...misplaced, ...noValues, ...limits.map((rule) => problem(rule, `\`${rule}\` must be ${limitWords(type)}`))];
}

function isLimit(type: string, limit: unknown): boolean {
  if (type === 'duration') return typeof limit === 'string' && parseDuration(limit) !== undefined;
  if (type === 'size') return typeof limit === 'string' && parseSize(limit) !== undefined;
  return typeof limit === 'number' || !RULES['min']?.includes(type);
}

function limitWords(type: string): string {
  if (type === 'duration') return 'a duration like `90s`';
  return type === 'size' ? 'a size like `512m`' : 'a number';
}

/** Whether the shape is whole enough for the default to be checked; what is not is reported by the shape. */
function isWhole(raw: Record<string, unknown>): raw is InputDeclaration & Record<string, unknown> {
  return typeof raw['type'] === 'string' && (raw['pattern'] === undefined || typeof raw['pattern'] === 'string');
}

function defaultProblems(declaration: InputDeclaration, source: string | undefined, problem: Say): Problem[] {
  const { default: value } = declaration;
  // What is neither a single value nor a list is reported by the shape.
  if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return [];
  // As it is written: `1.10` must not be offered as '1.1'.
  if (declaration.type === 'string' && typeof value === 'number' && source !== undefined)
    return [problem('default', 'the default must be a text', `put it in quotes: '${source}'`)];
  const faults = [...inputFaults(declaration, value), ...inputRuleFaults(declaration, value)];
  return faults.slice(0, 1).map(({ say, hint }) => problem('default', `the default ${say}`, hint));
}
