import type { JsonSchema } from '../runner/schema.ts';
import type { Path } from './path.ts';

/** The schema of a field below a schema; nothing where the schema does not say. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema;
  for (const key of path) {
    if (!at) return undefined;
    at = typeof key === 'number' ? (at.prefixItems?.[key] ?? at.items) : member(at, key);
  }
  return at;
}

function member(schema: JsonSchema, key: string): JsonSchema | undefined {
  const properties = schema.properties ?? {};
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
