import type { JsonSchema } from '../runner/schema.ts';
import { KEYS, type KeyPath } from './keys.ts';

// What every object has by itself: under such a name something would seem to be there where nothing is.
const NOT_FREE = Object.getOwnPropertyNames(Object.prototype)
  .filter((name) => /^[a-z]/i.test(name))
  .sort()
  .join('|');

/** Ids and names of inputs are words, because expressions name them: `steps.smoke_test.ok`. */
export const WORD = {
  pattern: `^(?!(${NOT_FREE})$)[A-Za-z][A-Za-z0-9_]*$`,
  title: 'letters, digits and `_`, beginning with a letter (never `constructor` or its like)',
} as const;

export const DURATION: JsonSchema = { type: 'string', format: 'duration' };
export const CONDITION: JsonSchema = { type: 'string', format: 'cel' };
export const TEXT: JsonSchema = { type: 'string' };
export const TEXTS: JsonSchema = { type: 'array', items: { type: 'string', minLength: 1 } };
export const PARAMETERS: JsonSchema = { type: 'object' };
export const NUMBER_OR_TEXT: JsonSchema = { anyOf: [{ type: 'number' }, { type: 'string' }] };
export const SCALAR: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };
export const TYPES = [
  'string',
  'integer',
  'number',
  'boolean',
  'duration',
  'size',
  'path',
  'url',
  'service',
  'enum',
] as const;

export const described = (path: KeyPath, schema: JsonSchema): JsonSchema => ({
  ...schema,
  description: KEYS[path].description,
});

export const closed = (properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 && { required }),
});
