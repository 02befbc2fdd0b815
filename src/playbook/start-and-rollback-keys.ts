import type { KeyEntry } from './key-entry.ts';

/** Keys of the way back and of what turns a run back. */
export const ROLLBACK_KEYS = {
  rollback: {
    description: 'When a run turns back, and what proves that all is back. `never`: the playbook is itself a way back.',
    shape: '`never` or `{ on, triggers, verify }`',
    example: 'rollback: { on: [failure, timeout, cancel], verify: [healthy] }',
  },
  'rollback.on': {
    description: 'What turns a run back. Left out: all of them.',
    shape: 'a list of `failure`, `timeout`, `cancel` and `trigger`',
    example: 'on: [failure, timeout]',
  },
  'rollback.verify': {
    description: 'Steps that are run again as checks after the undo. Nothing may be worse than it was before.',
    shape: 'a list of ids of steps',
    example: 'verify: [healthy]',
  },
  'rollback.triggers': {
    description:
      'What is watched beside the steps. When a trigger trips, the running step is cancelled and the run turns back. A measurement that fails counts as no data, never as bad.',
    shape: 'a list of triggers',
    example:
      "triggers:\n  - { id: unhealthy, uses: watch.health, with: { for: 10s } }\n  - { id: errors, uses: watch.logs, with: { pattern: 'ERROR|FATAL', more_than: 10, within: 1m } }",
  },
  'rollback.triggers[].id': {
    description: 'The name of the trigger.',
    shape: 'letters, digits and `_`',
    example: 'id: unhealthy',
  },
  'rollback.triggers[].uses': {
    description: 'What is watched; `playbook actions` lists the triggers.',
    shape: 'the name of a trigger',
    example: 'uses: watch.health',
  },
  'rollback.triggers[].with': {
    description: 'The parameters of the trigger.',
    shape: 'a map; texts may be templates',
    example: 'with: { for: 10s }',
  },
  'rollback.triggers[].when': {
    description: 'The trigger watches only when this holds.',
    shape: 'a CEL expression that is true or false',
    example: "when: 'has(inputs.smoke_url)'",
  },
  'rollback.triggers[].from': {
    description:
      'The step after which it begins to watch. Left out: the first step that waits for health, else the start.',
    shape: '`start` or the id of a step that stands in no other',
    example: 'from: start',
  },
  'rollback.triggers[].until': {
    description: 'The step with whose end the watch ends. Left out: the pivot, or the last step where there is none.',
    shape: 'the id of a step that stands in no other, no later than the pivot',
    example: 'until: soak',
  },
  'rollback.triggers[].bad': {
    description: "When a measurement is bad; `sample` is what was measured. Left out: the trigger's own judgement.",
    shape: 'a CEL expression that is true or false',
    example: "bad: 'sample.memory > 95.0 || sample.cpu > 95.0'",
  },
  'rollback.triggers[].trip': {
    description: 'How many bad measurements of how many trip the trigger. Left out: the first bad one.',
    shape: '`{ bad, of }`',
    example: 'trip: { bad: 3, of: 5 }',
  },
  'rollback.triggers[].trip.bad': {
    description: 'So many of the last measurements must be bad.',
    shape: 'a whole number from 1 to 100',
    example: 'bad: 3',
  },
  'rollback.triggers[].trip.of': {
    description: 'How many of the last measurements are looked at; at least as many as must be bad.',
    shape: 'a whole number from 1 to 100',
    example: 'of: 5',
  },
  'rollback.triggers[].no_data': {
    description:
      'While nothing can be measured: `ignore` (also when left out) goes on without, `pause` does not let the watch end before there is data again.',
    shape: '`ignore` or `pause`',
    example: 'no_data: pause',
  },
  'rollback.triggers[].every': {
    description: 'How often to measure; short for `every` in `with`. Triggers that are streamed have none.',
    shape: 'a duration',
    example: 'every: 5s',
  },
} as const satisfies Record<string, KeyEntry>;

/** Keys of what starts a playbook by itself. */
export const START_KEYS = {
  start: {
    description: 'What starts the playbook by itself.',
    shape: 'a list of `{ git: … }`',
    example: 'start:\n  - git: { hook: post-receive, ref: main }',
  },
  'start[].git': {
    description: 'A hook of git that `playbook hooks install` has put in place.',
    shape: '`{ hook, ref, paths, skip_words }`',
    example: 'git: { hook: post-receive, ref: main, paths: [compose.yml, web/**] }',
  },
  'start[].git.hook': {
    description:
      'Which hook: `post-receive` deploys what was pushed to this repository, `post-merge` what was pulled into this folder. `pre-receive` guards what `post-receive` would deploy, and has no entry of its own.',
    shape: '`post-receive` or `post-merge`',
    example: 'hook: post-receive',
  },
  'start[].git.ref': {
    description:
      'Which branches: a name, or a whole ref such as `refs/tags/v*`. `*` stands for anything but `/`, `**` for anything.',
    shape: 'a pattern or a list of patterns',
    example: 'ref: [main, release/*]',
  },
  'start[].git.paths': {
    description:
      'Starts only where one of these files differs from what is deployed; by `post-merge`, where the merge changed one. Left out: any file.',
    shape: 'a list of patterns, from the top of the repository',
    example: 'paths: [compose.yml, web/**]',
  },
  'start[].git.skip_words': {
    description: 'Does not start where the message of the newest commit holds one of these. Left out: `[skip deploy]`.',
    shape: 'a list of texts',
    example: "skip_words: ['[skip deploy]', WIP]",
  },
} as const satisfies Record<string, KeyEntry>;
