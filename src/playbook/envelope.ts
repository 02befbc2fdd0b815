import type { JsonSchema } from '../runner/schema.ts';
import { KEYS, type KeyPath } from './keys.ts';

/** Ids and names of inputs are words, because expressions name them: `steps.smoke_test.ok`. */
const WORD = { pattern: '^[A-Za-z][A-Za-z0-9_]*$', title: 'letters, digits and `_`, beginning with a letter' } as const;

const DURATION: JsonSchema = { type: 'string', format: 'duration' };
const CONDITION: JsonSchema = { type: 'string', format: 'cel' };
const TEXT: JsonSchema = { type: 'string' };
const TEXTS: JsonSchema = { type: 'array', items: { type: 'string', minLength: 1 } };
const PARAMETERS: JsonSchema = { type: 'object' };
const NUMBER_OR_TEXT: JsonSchema = { anyOf: [{ type: 'number' }, { type: 'string' }] };
const SCALAR: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };
const TYPES = ['string', 'integer', 'number', 'boolean', 'duration', 'size', 'path', 'url', 'service', 'enum'] as const;

const described = (path: KeyPath, schema: JsonSchema): JsonSchema => ({
  ...schema,
  description: KEYS[path].description,
});

const closed = (properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 && { required }),
});

const INPUT = closed(
  {
    type: described('inputs.*.type', { type: 'string', enum: [...TYPES, 'list'] }),
    description: described('inputs.*.description', TEXT),
    required: described('inputs.*.required', { type: 'boolean' }),
    default: described('inputs.*.default', { anyOf: [...(SCALAR.anyOf ?? []), { type: 'array', items: SCALAR }] }),
    values: described('inputs.*.values', { type: 'array', items: SCALAR, minItems: 1 }),
    pattern: described('inputs.*.pattern', { type: 'string', format: 'regex' }),
    min: described('inputs.*.min', NUMBER_OR_TEXT),
    max: described('inputs.*.max', NUMBER_OR_TEXT),
    min_length: described('inputs.*.min_length', { type: 'integer', minimum: 0 }),
    max_length: described('inputs.*.max_length', { type: 'integer', minimum: 0 }),
    items: described('inputs.*.items', { type: 'string', enum: TYPES }),
  },
  ['type'],
);

const SECRET: JsonSchema = {
  ...closed({
    environment: described('secrets.*.environment', {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      title: 'the name of a variable',
    }),
    file: described('secrets.*.file', { type: 'string', format: 'path' }),
  }),
  minProperties: 1,
  maxProperties: 1,
};

/** `target:`; here, unlike in the rest of the envelope, texts may be templates. */
export const TARGET: JsonSchema = closed({
  files: described('target.files', TEXTS),
  project: described('target.project', TEXT),
  directory: described('target.directory', TEXT),
  env: described('target.env', { type: 'object', additionalProperties: SCALAR }),
  env_files: described('target.env_files', TEXTS),
  profiles: described('target.profiles', TEXTS),
  context: described('target.context', TEXT),
  release: described('target.release', TEXT),
});

export const GUARD = closed(
  {
    id: described('guards[].id', { type: 'string', ...WORD }),
    uses: described('guards[].uses', TEXT),
    with: described('guards[].with', PARAMETERS),
    that: described('guards[].that', CONDITION),
    say: described('guards[].say', TEXT),
    level: described('guards[].level', { type: 'string', enum: ['no-go', 'warn'] }),
    when: described('guards[].when', CONDITION),
  },
  ['id'],
);

const RETRY = closed(
  {
    attempts: described('steps[].retry.attempts', { type: 'integer', minimum: 1, maximum: 20 }),
    backoff: described('steps[].retry.backoff', { type: 'string', format: 'backoff' }),
    if: described('steps[].retry.if', CONDITION),
  },
  ['attempts'],
);

const UNDO = closed({ uses: described('steps[].undo.uses', TEXT), with: described('steps[].undo.with', PARAMETERS) }, [
  'uses',
]);

const PROBE = closed(
  {
    uses: described('steps[].probe.uses', TEXT),
    with: described('steps[].probe.with', PARAMETERS),
    done: described('steps[].probe.done', CONDITION),
  },
  ['uses', 'done'],
);

/** A step of `always`: what runs after the end can be neither undone nor be a pivot. */
export const ALWAYS_STEP = closed(
  {
    id: described('steps[].id', { type: 'string', ...WORD }),
    uses: described('steps[].uses', TEXT),
    with: described('steps[].with', PARAMETERS),
    description: described('steps[].description', TEXT),
    when: described('steps[].when', CONDITION),
    expect: described('steps[].expect', CONDITION),
    retry: described('steps[].retry', RETRY),
    timeout: described('steps[].timeout', DURATION),
  },
  ['id', 'uses'],
);

export const STEP = closed(
  {
    ...ALWAYS_STEP.properties,
    guards: described('steps[].guards', { type: 'array', items: GUARD }),
    undo: described('steps[].undo', { anyOf: [{ const: 'none' }, UNDO] }),
    because: described('steps[].because', { type: 'string', minLength: 1 }),
    probe: described('steps[].probe', PROBE),
    pivot: described('steps[].pivot', { type: 'boolean' }),
  },
  ['id', 'uses'],
);

const ROLLBACK = closed({
  on: described('rollback.on', {
    type: 'array',
    items: { type: 'string', enum: ['failure', 'timeout', 'cancel', 'trigger'] },
  }),
  verify: described('rollback.verify', { type: 'array', items: TEXT }),
});

/** The shape of a playbook without what depends on `uses`: that has schemas of its own. */
export const ENVELOPE: JsonSchema = closed(
  {
    playbook: described('playbook', { const: 'v1' }),
    name: described('name', {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$',
      title: 'letters, digits, blanks, `.`, `_` and `-`',
    }),
    description: described('description', TEXT),
    inputs: described('inputs', { type: 'object', additionalProperties: INPUT, propertyNames: WORD }),
    secrets: described('secrets', { type: 'object', additionalProperties: SECRET, propertyNames: WORD }),
    target: described('target', TARGET),
    lock: described('lock', closed({ wait: described('lock.wait', DURATION) })),
    deadline: described('deadline', DURATION),
    on_crash: described('on_crash', { type: 'string', enum: ['undo', 'resume', 'ask'] }),
    guards: described('guards', { type: 'array', items: GUARD }),
    steps: described('steps', { type: 'array', items: STEP, minItems: 1 }),
    rollback: described('rollback', { anyOf: [{ const: 'never' }, ROLLBACK] }),
    always: described('always', { type: 'array', items: ALWAYS_STEP }),
  },
  ['playbook', 'name', 'steps'],
);
