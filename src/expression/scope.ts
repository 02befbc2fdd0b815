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
  /** In `always`: how the run ends. */
  run?: Json;
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
  run?: JsonSchema;
};

/** How a run can end: the engine ends none otherwise. */
const ENDINGS = [
  'succeeded',
  'nothing-to-do',
  'no-go',
  'rolled-back',
  'partially-rolled-back',
  'rollback-failed',
  'failed',
  'cancelled',
] as const;

export type Ending = (typeof ENDINGS)[number];

/** The schema of `run` in `always`. */
export const RUN_SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string', description: 'Its id, as `playbook show` takes it.' },
    status: { type: 'string', description: 'How it ends.', enum: [...ENDINGS] },
    say: { type: 'string', description: 'Why it ends so, in a sentence; secrets are masked.' },
    playbook: { type: 'string', description: 'The name of the playbook.' },
    stack: { type: 'string', description: 'The Compose project; empty where the run is about the engine.' },
  },
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
