import type { Json } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { compute } from './evaluate.ts';
import type { Scope } from './scope.ts';

export { CouldNotEvaluate } from './could-not-evaluate.ts';
export { evaluateList } from './list.ts';
export { referencedPaths } from './paths.ts';

/** What a condition came to, and the values that it asked for. */
export type Evaluated = { value: boolean; operands: Record<string, Json> };

/** Evaluates a condition; throws CouldNotEvaluate where it has no value, so that an error is never taken for false. */
export function evaluateCondition(expression: string, scope: Scope): Evaluated {
  const { value, paths, values } = compute(expression, scope);
  if (typeof value !== 'boolean')
    throw new CouldNotEvaluate('the condition came to a value that is neither true nor false');
  return { value, operands: operandsOf(paths, values) };
}

/** Longest list that is shown in full as an operand. */
const SHORT = 10;

function operandsOf(paths: readonly string[][], values: Record<string, Json | undefined>): Record<string, Json> {
  const operands: Record<string, Json> = {};
  for (const path of paths) {
    const value = shown(valueAt(values, path));
    if (value !== undefined) operands[path.join('.')] = value;
  }
  return operands;
}

function valueAt(values: Record<string, Json | undefined>, path: readonly string[]): Json | undefined {
  let at: Json | undefined = values;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

function shown(value: Json | undefined): Json | undefined {
  if (typeof value === 'string' && value.length > 200) return `${value.slice(0, 200)}…`;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return `${Object.keys(value).length} entries`;
  const plain = value.length <= SHORT && value.every((item) => typeof item !== 'object' || item === null);
  return plain ? value : `${value.length} items`;
}
