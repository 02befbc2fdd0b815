import type { Json } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { compute } from './evaluate.ts';
import type { Scope } from './scope.ts';
import type { Origins } from './to-cel.ts';

/**
 * Evaluates an expression that is a list, and gives its items as plain JSON: what comes from the scope as it stands there.
 * Throws CouldNotEvaluate where it has no value or is no list.
 */
export function evaluateList(expression: string, scope: Scope): Json[] {
  const { value, origins } = compute(expression, scope);
  if (!Array.isArray(value)) throw new CouldNotEvaluate('what the loop goes over came to a value that is no list');
  return value.map((item: unknown) => fromCel(item, origins));
}

function fromCel(value: unknown, origins: Origins): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  const origin = typeof value === 'object' && value !== null ? origins.get(value) : undefined;
  if (origin !== undefined) return origin;
  if (Array.isArray(value)) return value.map((item: unknown) => fromCel(item, origins));
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item, origins)]));
  throw new CouldNotEvaluate('the list holds an item that is no plain value');
}
