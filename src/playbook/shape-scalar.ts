import type { JsonSchema } from '../runner/schema.ts';
import { formatFault } from './formats.ts';
import { type Path, subject } from './path.ts';
import type { ShapeFault } from './shape-fault.ts';

export function checkText(schema: JsonSchema, value: string, path: Path): ShapeFault[] {
  const rest = textFault(schema, value);
  return rest === undefined ? [] : [{ code: 'bad-value', path, at: 'value', message: `${subject(path)} ${rest}` }];
}

function textFault(schema: JsonSchema, value: string): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema;
  if (value.length < minLength) return minLength === 1 ? 'must not be empty' : `needs at least ${minLength} characters`;
  if (value.length > maxLength) return `takes at most ${maxLength} characters`;
  const fault = format === undefined ? undefined : formatFault(format, value);
  if (fault !== undefined) return `${fault}, not \`${value}\``;
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return undefined;
  return `must be ${schema.title ?? `of the form \`${pattern}\``}, not \`${value}\``;
}

export function checkNumber(schema: JsonSchema, value: number, path: Path): ShapeFault[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value >= minimum && value <= maximum) return [];
  const limit = value < minimum ? `at least ${minimum}` : `at most ${maximum}`;
  return [{ code: 'bad-value', path, at: 'value', message: `${subject(path)} must be ${limit}, not ${value}` }];
}
