import type { JsonSchema } from '../runner/schema.ts';

export type Kind = NonNullable<JsonSchema['type']>;

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value === 'string' ? 'string' : 'boolean';
  return 'object';
}

/** Whether a schema has room for a value of this kind at all. */
export function takes(schema: JsonSchema, kind: Kind): boolean {
  const forms = schema.anyOf ?? schema.oneOf;
  if (schema.type === undefined) {
    if (forms) return forms.some((form) => takes(form, kind));
    if (schema.const !== undefined) return kindOf(schema.const) === kind;
    return schema.enum ? schema.enum.some((value) => kindOf(value) === kind) : true;
  }
  return schema.type === kind || (schema.type === 'number' && kind === 'integer');
}

const WORDS: Record<Kind, string> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

const FORMAT_WORDS: Record<string, string> = { duration: 'a duration', size: 'a size', cel: 'a condition' };

/** What a schema asks for, in words. */
export function wanted(schema: JsonSchema): string {
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms && schema.type === undefined) return [...new Set(forms.map(wanted))].join(' or ');
  if (schema.const !== undefined) return `\`${asWritten(schema.const)}\``;
  return FORMAT_WORDS[schema.format ?? ''] ?? (schema.type ? WORDS[schema.type] : 'a value');
}

/** A value as it would be written: texts without quotes, all else as JSON. */
export function asWritten(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `{ secret: name }` and nothing else. */
export function isSecretRef(value: unknown): value is { secret: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === 'secret' && typeof (value as { secret: unknown }).secret === 'string';
}
