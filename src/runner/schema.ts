/** Plain JSON: all that a receipt, an output or an event may hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/**
 * JSON schema 2020-12, as far as we use it, with formats of our own
 * (`duration`, `size`, `path`, `url`, `service`, `cel`, `regex`, `backoff`) and the `x-` marks below.
 */
export type JsonSchema = {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  /** Schemas of the first items, where they differ from the rest: `argv[0]`. */
  prefixItems?: readonly JsonSchema[];
  enum?: readonly Json[];
  const?: Json;
  default?: Json;
  examples?: readonly Json[];
  oneOf?: readonly JsonSchema[];
  anyOf?: readonly JsonSchema[];
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minProperties?: number;
  maxProperties?: number;
  /** What the keys of a map look like; `title` says it in words. */
  propertyNames?: { pattern: string; title?: string };
  dependentRequired?: Record<string, readonly string[]>;
  /** The field takes no template; `{{` in it is an error. */
  'x-template'?: false;
  /** The field takes `{ secret: name }` in place of a value. */
  'x-secret'?: true;
  /** Data from outside may not get here unless an input's `pattern` or `enum` accepted it. */
  'x-untainted'?: true;
};
