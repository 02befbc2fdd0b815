import type { Json, JsonSchema } from '../runner/schema.ts';

/** What our formats are in terms that editors check. */
const FORMATS: Readonly<Record<string, Record<string, Json>>> = {
  duration: { pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h))+$' },
  size: { pattern: '^\\d+(\\.\\d+)?([bB]|[kmgtKMGT][bB]?)$' },
  url: { pattern: '^https?://' },
  service: { pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]*$' },
  backoff: { pattern: '^[0-9a-z.]+$' },
};

const TEMPLATE: Json = { type: 'string', pattern: '\\{\\{.*\\}\\}' };
const SECRET: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['secret'],
  properties: { secret: { type: 'string', description: 'The name of a secret.' } },
};

/** One of our schemas in the words of draft 7: no marks of ours, and a template or a secret where they are taken. */
export function forEditor(schema: JsonSchema, options: { templates: boolean }): { [key: string]: Json | undefined } {
  const plain = plainForm(schema, options);
  const forms = [
    ...(options.templates && schema['x-template'] !== false && isNarrow(schema) ? [TEMPLATE] : []),
    ...(schema['x-secret'] ? [SECRET] : []),
  ];
  if (forms.length === 0) return plain;
  const { description, default: value, ...rest } = plain;
  return {
    ...(description !== undefined && { description }),
    ...(value !== undefined && { default: value }),
    anyOf: [rest, ...forms],
  };
}

/** Whether a template would not pass as it is: any text takes it already. */
function isNarrow(schema: JsonSchema): boolean {
  const { type, format, enum: values, pattern, const: constant } = schema;
  if (type === undefined && !schema.anyOf && values === undefined && constant === undefined) return false;
  return type !== 'string' || format !== undefined || values !== undefined || pattern !== undefined;
}

function plainForm(schema: JsonSchema, options: { templates: boolean }): { [key: string]: Json | undefined } {
  const {
    properties,
    additionalProperties,
    items,
    anyOf,
    oneOf,
    format,
    prefixItems: _first,
    'x-template': template,
    'x-secret': _secret,
    'x-untainted': _untainted,
    ...same
  } = schema;
  const inner = (other: JsonSchema) => forEditor(other, options);
  return {
    ...(same as { [key: string]: Json | undefined }),
    ...(format !== undefined && FORMATS[format]),
    ...(template === false && { not: { pattern: '\\{\\{' } }),
    ...(properties && { properties: mapValues(properties, inner) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? inner(additionalProperties) : additionalProperties,
    }),
    ...(items && { items: inner(items) }),
    // Templates stand beside the forms, not in each of them.
    ...(anyOf && { anyOf: anyOf.map((form) => forEditor(form, { templates: false })) }),
    ...(oneOf && { oneOf: oneOf.map((form) => forEditor(form, { templates: false })) }),
  };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
