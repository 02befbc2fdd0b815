import type { JsonSchema } from '../runner/schema.ts';
import type { InputType } from './types.ts';

const TYPES: Record<Exclude<InputType, 'list'>, JsonSchema> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  duration: { type: 'string', format: 'duration' },
  size: { type: 'string', format: 'size' },
  path: { type: 'string', format: 'path' },
  url: { type: 'string', format: 'url' },
  service: { type: 'string', format: 'service' },
  enum: {},
};

/** An input's declaration, as far as its value's schema depends on it. */
type Declared = { type?: unknown; items?: unknown; values?: unknown };

/** The schema of `inputs`: one property per declaration. */
export function inputsSchema(inputs: Readonly<Record<string, Declared>>): JsonSchema {
  const properties = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputSchema(input)]));
  return { type: 'object', additionalProperties: false, properties };
}

/** The schema of one input's value, without its rules. */
export function inputSchema(input: Declared): JsonSchema {
  if (input.type === 'list')
    return {
      type: 'array',
      items: input.items === 'list' ? {} : inputSchema({ ...input, type: input.items ?? 'string' }),
    };
  if (input.type === 'enum') return enumSchema(Array.isArray(input.values) ? input.values : []);
  return isType(input.type) ? TYPES[input.type] : {};
}

function isType(type: unknown): type is keyof typeof TYPES {
  return typeof type === 'string' && Object.hasOwn(TYPES, type);
}

function enumSchema(values: readonly unknown[]): JsonSchema {
  if (values.every((value) => typeof value === 'string')) return { type: 'string', enum: values };
  if (values.every((value) => Number.isInteger(value))) return { type: 'integer' };
  if (values.every((value) => typeof value === 'number')) return { type: 'number' };
  return {};
}
