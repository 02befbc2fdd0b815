import type { JsonSchema } from '../runner/schema.ts';
import { closed, DURATION, described, NUMBER_OR_TEXT, SCALAR, TEXT, TEXTS, TYPES, WORD } from './envelope-parts.ts';
import { ALWAYS_STEP, GUARD, NODE, ROLLBACK } from './step-shape.ts';

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
  engine: described('target.engine', { const: true }),
});

const PATTERN: JsonSchema = { type: 'string', minLength: 1 };

const GIT = closed(
  {
    hook: described('start[].git.hook', { type: 'string', enum: ['post-receive', 'post-merge'] }),
    ref: described('start[].git.ref', { anyOf: [PATTERN, { type: 'array', items: PATTERN, minItems: 1 }] }),
    paths: described('start[].git.paths', { ...TEXTS, minItems: 1 }),
    skip_words: described('start[].git.skip_words', TEXTS),
  },
  ['hook', 'ref'],
);

const START: JsonSchema = { ...closed({ git: described('start[].git', GIT) }), minProperties: 1 };

/** `start:`. */
export const STARTS: JsonSchema = { type: 'array', items: START };

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
    steps: described('steps', { type: 'array', items: NODE, minItems: 1 }),
    rollback: described('rollback', { anyOf: [{ const: 'never' }, ROLLBACK] }),
    start: described('start', STARTS),
    always: described('always', { type: 'array', items: ALWAYS_STEP }),
  },
  ['playbook', 'name', 'steps'],
);
