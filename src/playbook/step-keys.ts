import type { KeyEntry } from './key-entry.ts';

/** Keys of steps, of what holds steps, and of loops. */
export const STEP_KEYS = {
  steps: {
    description:
      'What is done, in order. The first failure undoes the steps before it, last first, until the pivot has ended.',
    shape: 'a list of steps, at least one',
    example: 'steps:\n  - { id: up, uses: compose.up }\n  - { id: healthy, uses: health.wait, timeout: 5m }',
  },
  'steps[].id': {
    description: 'The name of the step; later ones ask for `steps.ID`.',
    shape: 'letters, digits and `_`',
    example: 'id: up',
  },
  'steps[].uses': {
    description: 'The action of the step; `playbook actions` lists them. A step has `uses`, `parallel` or `for_each`.',
    shape: 'the name of an action',
    example: 'uses: compose.up',
  },
  'steps[].with': {
    description: 'The parameters of the action.',
    shape: 'a map; texts may be templates',
    example: "with: { stable_for: '{{inputs.stable_for}}' }",
  },
  'steps[].description': {
    description: 'What the step is for.',
    shape: 'text',
    example: 'description: Ask the shop for its start page.',
  },
  'steps[].when': {
    description: 'The step runs only when this holds; else it is skipped, which is no failure.',
    shape: 'a CEL expression that is true or false',
    example: "when: 'has(inputs.smoke_url)'",
  },
  'steps[].guards': {
    description:
      'Checks right before the step. A no-go stops before the effect; after the first change it is a failure.',
    shape: 'a list of guards',
    example: 'guards: [{ id: room, uses: check.resources }]',
  },
  'steps[].expect': {
    description:
      'What must hold after the step; `result` is what it gave back. When it does not hold, the step has failed.',
    shape: 'a CEL expression that is true or false',
    example: "expect: 'result.ok == 5'",
  },
  'steps[].retry': {
    description: 'Tries the step again after a failure.',
    shape: '`{ attempts, backoff, if }`',
    example: 'retry: { attempts: 3, backoff: 2s..30s, if: \'error.class == "transient"\' }',
  },
  'steps[].retry.attempts': {
    description: 'How often the step is tried in all.',
    shape: 'a whole number from 1 to 20',
    example: 'attempts: 3',
  },
  'steps[].retry.backoff': {
    description: 'How long to wait between tries; a range doubles from its start up to its end. Left out: `1s..30s`.',
    shape: 'a duration or two with `..` between',
    example: 'backoff: 2s..30s',
  },
  'steps[].retry.if': {
    description: 'Tries again only when this holds; `error.class` and `error.message` tell about the failure.',
    shape: 'a CEL expression that is true or false',
    example: 'if: \'error.class == "transient"\'',
  },
  'steps[].timeout': {
    description: "How long one attempt may take. Left out: the action's own limit.",
    shape: 'a duration',
    example: 'timeout: 5m',
  },
  'steps[].undo': {
    description: "Another action in place of the action's own undo, or `none`, with the reason in `because`.",
    shape: '`none` or `{ uses, with }`',
    example: 'undo: { uses: shell.run, with: { argv: [./restore.sh] } }',
  },
  'steps[].undo.uses': {
    description: 'The action that takes the step back.',
    shape: 'the name of an action',
    example: 'uses: shell.run',
  },
  'steps[].undo.with': {
    description: 'The parameters of that action.',
    shape: 'a map; texts may be templates',
    example: 'with: { argv: [./restore.sh] }',
  },
  'steps[].because': {
    description: 'Why the step has no undo. Goes with `undo: none`.',
    shape: 'text',
    example: 'because: A sent mail cannot be taken back.',
  },
  'steps[].probe': {
    description: 'How to find out, after a crash, whether the effect of the step has happened.',
    shape: '`{ uses, with, done }`',
    example: "probe: { uses: http.check, with: { url: 'http://localhost/v' }, done: 'result.ok == 1' }",
  },
  'steps[].probe.uses': {
    description: 'The action that looks.',
    shape: 'the name of an action',
    example: 'uses: http.check',
  },
  'steps[].probe.with': {
    description: 'The parameters of that action.',
    shape: 'a map; texts may be templates',
    example: "with: { url: 'http://localhost/v' }",
  },
  'steps[].probe.done': {
    description: 'Holds when the effect has happened; `result` is what the probe gave back.',
    shape: 'a CEL expression that is true or false',
    example: "done: 'result.ok == 1'",
  },
  'steps[].pivot': {
    description:
      'The step after which there is no way back: until it has ended a failure undoes, afterwards the run only goes forward. At most one.',
    shape: '`true` or `false`',
    example: 'pivot: true',
  },
  'steps[].parallel': {
    description:
      'Steps that go on at the same time. The first failure stops the others. They do not see each other; what follows sees all of them.',
    shape: 'a list of plain steps, at least one',
    example:
      "parallel:\n  - { id: web, uses: http.check, with: { url: 'http://localhost:8080/' } }\n  - { id: api, uses: http.check, with: { url: 'http://localhost:8081/' } }",
  },
  'steps[].for_each': {
    description:
      'Does the steps under `do` once per item of a list, or once per batch of items. Undone batch by batch, backwards.',
    shape: '`{ in, as, batch, delay, allow }`, with `do` beside it',
    example:
      "for_each: { in: inputs.services, as: service }\ndo:\n  - { id: wait, uses: health.wait, with: { services: ['{{service}}'] } }",
  },
  'steps[].for_each.in': {
    description: 'What the loop goes over. It is looked at once, when the loop begins.',
    shape: 'a CEL expression that is a list',
    example: 'in: steps.strategy.services',
  },
  'steps[].for_each.as': {
    description:
      'What an item is called inside the loop, in conditions (`service.name`) and templates (`{{service.name}}`). With `batch` it is the list of the items of one batch.',
    shape: 'letters, digits and `_`',
    example: 'as: service',
  },
  'steps[].for_each.batch': {
    description:
      'How many items go together, batch by batch; the last size repeats. A percentage counts from all items and is rounded up.',
    shape: 'a whole number or a part like `25%`, a list of them, or a template',
    example: 'batch: [1, 25%, 50%]',
  },
  'steps[].for_each.delay': {
    description: 'How long to wait between one batch and the next.',
    shape: 'a duration; may be a template',
    example: 'delay: 10s',
  },
  'steps[].for_each.allow': {
    description: 'How many batches may fail: each is taken back, and the next one follows. Left out: none.',
    shape: 'a whole number',
    example: 'allow: 1',
  },
  'steps[].do': {
    description:
      'The steps of a loop. Inside, `steps.ID` means the step of the same batch; outside of the loop they cannot be asked.',
    shape: 'a list of steps, at least one; loops inside loops up to three deep',
    example: "do:\n  - { id: wait, uses: health.wait, with: { services: ['{{service}}'] } }",
  },
} as const satisfies Record<string, KeyEntry>;
