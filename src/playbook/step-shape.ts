import type { JsonSchema } from '../runner/schema.ts';
import { CONDITION, closed, DURATION, described, PARAMETERS, TEXT, WORD } from './envelope-parts.ts';
import type { KeyPath } from './keys.ts';

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

const PLAIN_KEYS = {
  ...ALWAYS_STEP.properties,
  guards: described('steps[].guards', { type: 'array', items: GUARD }),
  undo: described('steps[].undo', { anyOf: [{ const: 'none' }, UNDO] }),
  because: described('steps[].because', { type: 'string', minLength: 1 }),
  probe: described('steps[].probe', PROBE),
  pivot: described('steps[].pivot', { type: 'boolean' }),
};

const SIZE: JsonSchema = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^([1-9][0-9]?|100)%$', title: 'a part of all items like `25%`' },
  ],
};

/** What `batch` takes; a template stands for all of it. */
export const BATCH: JsonSchema = { anyOf: [...(SIZE.anyOf ?? []), { type: 'array', items: SIZE, minItems: 1 }] };

export const LOOP = closed(
  {
    in: described('steps[].for_each.in', CONDITION),
    as: described('steps[].for_each.as', { type: 'string', ...WORD }),
    batch: described('steps[].for_each.batch', BATCH),
    delay: described('steps[].for_each.delay', DURATION),
    allow: described('steps[].for_each.allow', { type: 'integer', minimum: 0 }),
  },
  ['in', 'as'],
);

/** Which of the three a step is; a rule says in words which keys go with which. */
const FORMS = { oneOf: [{ required: ['uses'] }, { required: ['parallel'] }, { required: ['for_each'] }] } as const;

/** A step of `parallel`: a plain one. That the other forms do not stand here is told by a rule, in better words. */
const MEMBER: JsonSchema = {
  ...closed(
    {
      ...PLAIN_KEYS,
      parallel: described('steps[].parallel', {}),
      for_each: described('steps[].for_each', {}),
      do: described('steps[].do', {}),
    },
    ['id'],
  ),
  ...FORMS,
};

/** Loops stand in loops so many deep. */
export const MAX_DEPTH = 3;

/** A step of any form, with room for so many loops inside of each other. What is deeper is told by a rule. */
function node(depth: number): JsonSchema {
  const inside: JsonSchema = depth === 0 ? {} : { type: 'array', items: node(depth - 1), minItems: 1 };
  return {
    ...closed(
      {
        ...PLAIN_KEYS,
        parallel: described('steps[].parallel', { type: 'array', items: MEMBER, minItems: 1 }),
        for_each: described('steps[].for_each', LOOP),
        do: described('steps[].do', inside),
      },
      ['id'],
    ),
    ...FORMS,
    dependentRequired: { for_each: ['do'] },
  };
}

export const NODE = node(MAX_DEPTH);

export const TRIGGER = closed(
  {
    id: described('rollback.triggers[].id', { type: 'string', ...WORD }),
    uses: described('rollback.triggers[].uses', TEXT),
    with: described('rollback.triggers[].with', PARAMETERS),
    when: described('rollback.triggers[].when', CONDITION),
    from: described('rollback.triggers[].from', TEXT),
    until: described('rollback.triggers[].until', TEXT),
    bad: described('rollback.triggers[].bad', CONDITION),
    trip: described(
      'rollback.triggers[].trip',
      closed({ bad: count('rollback.triggers[].trip.bad'), of: count('rollback.triggers[].trip.of') }, ['bad', 'of']),
    ),
    no_data: described('rollback.triggers[].no_data', { type: 'string', enum: ['ignore', 'pause'] }),
    every: described('rollback.triggers[].every', DURATION),
  },
  ['id', 'uses'],
);

function count(path: KeyPath): JsonSchema {
  return described(path, { type: 'integer', minimum: 1, maximum: 100 });
}

export const ROLLBACK = closed({
  on: described('rollback.on', {
    type: 'array',
    items: { type: 'string', enum: ['failure', 'timeout', 'cancel', 'trigger'] },
  }),
  triggers: described('rollback.triggers', { type: 'array', items: TRIGGER }),
  verify: described('rollback.verify', { type: 'array', items: TEXT }),
});
