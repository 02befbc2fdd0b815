import type { Json, JsonSchema } from '../runner/schema.ts';

/** What expressions and templates may see, as plain JSON. What is not known yet is absent. */
export type Scope = {
  /** By name; an optional input that was not given is absent, so that `has(inputs.x)` is false. */
  inputs: Record<string, Json>;
  /** By provider: `stack`, `engine`, … */
  facts: Record<string, Json>;
  /** Outputs of steps that have ended, by id. */
  steps: Record<string, Record<string, Json | undefined>>;
  /** What the variables of the loops around mean, by name. */
  locals?: Record<string, Json>;
  /** In `expect` and `done`: what the action gave back. */
  result?: Json;
  /** In `retry.if`: `{ class, message }`. */
  error?: Json;
  /** In `bad`: what a trigger has measured. */
  sample?: Json;
  /** Inputs that came from outside and that nothing has accepted. */
  tainted?: readonly string[];
  types: ScopeTypes;
};

/** The schemas of what a scope holds: numbers are converted by them, never by their value. */
export type ScopeTypes = {
  /** An object schema with one property per declared input. */
  inputs: JsonSchema;
  facts: Readonly<Record<string, JsonSchema>>;
  /** Schema of the outputs, by step id. */
  steps: Readonly<Record<string, JsonSchema>>;
  /** Of the variables of loops, by name. */
  locals?: Readonly<Record<string, JsonSchema>>;
  result?: JsonSchema;
  error?: JsonSchema;
  sample?: JsonSchema;
};

/** The schema of `error` in `retry.if`. */
export const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    class: {
      type: 'string',
      description: 'What kind of failure it was.',
      enum: [
        'transient',
        'unhealthy',
        'timeout',
        'auth',
        'conflict',
        'not-found',
        'exit',
        'expectation',
        'guard',
        'unavailable',
        'cancelled',
        'opaque',
      ],
    },
    message: { type: 'string', description: 'The sentence of the failure.' },
  },
};
