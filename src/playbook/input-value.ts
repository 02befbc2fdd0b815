import { regexFault, regexMatchesAll } from '../expression/regular-expression.ts';
import type { Json } from '../runner/schema.ts';
import { parseDuration } from './duration.ts';
import { formatFault } from './formats.ts';
import { asWritten, kindOf } from './kinds.ts';
import { listed, suggestion } from './nearest.ts';
import { parseSize } from './size.ts';
import type { InputDeclaration, InputType } from './types.ts';

/** Why a value is no value of an input; `say` goes on after the input's name. */
export type InputFault = { say: string; hint?: string };

/** The parts of a declaration that decide about a value. */
export type InputRules = Omit<InputDeclaration, 'description' | 'required' | 'default'>;

const TYPE_WORDS: Partial<Record<InputType, { kinds: readonly string[]; say: string }>> = {
  string: { kinds: ['string'], say: 'a text' },
  integer: { kinds: ['integer'], say: 'a whole number' },
  number: { kinds: ['integer', 'number'], say: 'a number' },
  boolean: { kinds: ['boolean'], say: '`true` or `false`' },
  duration: { kinds: ['string'], say: 'a duration like `90s`' },
  size: { kinds: ['string'], say: 'a size like `512m`' },
  path: { kinds: ['string'], say: 'a path' },
  url: { kinds: ['string'], say: 'a URL' },
  service: { kinds: ['string'], say: 'the name of a service' },
};

/** Whether a value has the input's type. */
export function inputFaults(rules: InputRules, value: Json): InputFault[] {
  if (rules.type === 'list')
    return Array.isArray(value)
      ? value.flatMap((item) => inputFaults(itemRules(rules), item))
      : [{ say: 'must be a list' }];
  const type = TYPE_WORDS[rules.type];
  if (!type) return [];
  if (!type.kinds.includes(kindOf(value))) return [{ say: `must be ${type.say}`, ...quotesHint(rules.type, value) }];
  const fault = typeof value === 'string' ? formatFault(rules.type, value) : undefined;
  return fault === undefined ? [] : [{ say: `${fault}, not \`${asWritten(value)}\`` }];
}

function quotesHint(type: InputType, value: Json): { hint?: string } {
  return type === 'string' && typeof value !== 'object' ? { hint: `put it in quotes: '${value}'` } : {};
}

/** Whether a value of the right type keeps the input's rules. */
export function inputRuleFaults(rules: InputRules, value: Json): InputFault[] {
  if (Array.isArray(value))
    return [
      ...limitFaults(rules, value.length, ' items'),
      ...value.flatMap((item) => inputRuleFaults(itemRules(rules), item)),
    ];
  return [
    ...valueFaults(rules, value),
    ...textFaults(rules, value),
    ...limitFaults(rules, measure(rules.type, value), ''),
  ];
}

/** The rules that count for each item of a list; `min` and `max` are about the list itself. */
function itemRules(rules: InputRules): InputRules {
  const { min: _min, max: _max, items = 'string', ...rest } = rules;
  return { ...rest, type: items === ('list' as InputType) ? 'string' : items };
}

function valueFaults({ values }: InputRules, value: Json): InputFault[] {
  if (!values || values.includes(value)) return [];
  const names = values.map(asWritten);
  const hint = typeof value === 'string' ? suggestion(value, names) : `allowed: ${listed(names)}`;
  return [{ say: `cannot be \`${asWritten(value)}\``, ...(hint && { hint }) }];
}

function textFaults({ pattern, min_length, max_length }: InputRules, value: Json): InputFault[] {
  if (typeof value !== 'string') return [];
  if (min_length !== undefined && value.length < min_length)
    return [{ say: `needs at least ${min_length} characters` }];
  if (max_length !== undefined && value.length > max_length) return [{ say: `takes at most ${max_length} characters` }];
  if (pattern === undefined || regexFault(pattern) !== undefined || regexMatchesAll(value, pattern)) return [];
  return [{ say: `must match \`${pattern}\`, and \`${value}\` does not` }];
}

function limitFaults({ type, min, max }: InputRules, value: number | undefined, unit: string): InputFault[] {
  const low = min === undefined ? undefined : measure(type, min);
  const high = max === undefined ? undefined : measure(type, max);
  if (value === undefined) return [];
  if (low !== undefined && value < low) return [{ say: `must be at least ${min}${unit}` }];
  return high !== undefined && value > high ? [{ say: `must be at most ${max}${unit}` }] : [];
}

/** A value as a number that can be compared: milliseconds, bytes, itself. */
function measure(type: InputType, value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (type === 'duration') return parseDuration(value);
  return type === 'size' ? parseSize(value) : undefined;
}
