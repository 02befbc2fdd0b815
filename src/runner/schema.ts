/** Plain JSON: all that a receipt, an output or an event may hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/**
 * JSON schema 2020-12, as far as we use it, with four keywords of our own:
 * `format: duration | size | path | url | service | cel | regex` and the `x-` marks below.
 */
export type JsonSchema = {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
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
  pattern?: string;
  format?: string;
  minProperties?: number;
  dependentRequired?: Record<string, readonly string[]>;
  /** The field takes no template; `{{` in it is an error. */
  'x-template'?: false;
  /** The field takes `{ secret: name }` in place of a value. */
  'x-secret'?: true;
  /** Data from outside may not get here unless an input's `pattern` or `enum` accepted it. */
  'x-untainted'?: true;
};
