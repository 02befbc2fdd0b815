import type { Json } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';

/** A value of CEL as plain JSON again: whole numbers as numbers, maps and declared objects as objects. */
export function fromCel(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item)]));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
  throw new CouldNotEvaluate('an item of the list is no value that a step could take');
}
