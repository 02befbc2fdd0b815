/** One key of the language: what it means, what it takes, and how it looks. */
export type KeyEntry = { description: string; shape: string; example: string };

/**
 * Every key of the language by its path; `*` stands for a name, `[]` for each item of a list. The envelope's schema, the
 * editor's help and `playbook explain` all read it.
 */
export const KEYS = {
  playbook: {
    description: 'The version of the language. Always the first key.',
    shape: '`v1`',
    example: 'playbook: v1',
  },
  name: {
    description: 'The name of the playbook, as plans and the history show it.',
    shape: 'letters, digits, blanks, `.`, `_` and `-`',
    example: 'name: deploy-stack',
  },
  description: {
    description: 'What the playbook is for, in a sentence or two.',
    shape: 'text',
    example: 'description: Deploy or update a Compose stack.',
  },
  inputs: {
    description:
      'What can be given with `-i name=value`. Conditions ask for `inputs.name`, templates for `{{inputs.name}}`.',
    shape: 'a map of names to declarations',
    example: "inputs:\n  tag: { type: string, pattern: '[0-9.]+', description: The version to deploy. }",
  },
  'inputs.*.type': {
    description: 'The type of the input. A value of another type is refused, never converted by guessing.',
    shape: '`string`, `integer`, `number`, `boolean`, `duration`, `size`, `path`, `url`, `service`, `enum` or `list`',
    example: 'type: duration',
  },
  'inputs.*.description': {
    description: 'What the input is for; `plan` and the editor show it.',
    shape: 'text',
    example: 'description: How long to watch after the deploy.',
  },
  'inputs.*.required': {
    description: 'Whether the input must be given. Left out: yes, where there is no default.',
    shape: '`true` or `false`',
    example: 'required: false',
  },
  'inputs.*.default': {
    description: 'The value when nothing is given. It must keep the rules of the input.',
    shape: 'a value of the type',
    example: 'default: 10s',
  },
  'inputs.*.values': {
    description: 'The allowed values of an `enum`.',
    shape: 'a list',
    example: 'values: [rolling, recreate]',
  },
  'inputs.*.pattern': {
    description:
      'A regular expression (RE2) that the whole text must match. It also makes data from outside acceptable.',
    shape: 'a pattern',
    example: "pattern: '[a-z0-9.-]+'",
  },
  'inputs.*.min': {
    description: 'The smallest allowed value of a number, a duration or a size; the smallest length of a list.',
    shape: 'a number, duration or size',
    example: 'min: 1',
  },
  'inputs.*.max': {
    description: 'The largest allowed value of a number, a duration or a size; the largest length of a list.',
    shape: 'a number, duration or size',
    example: 'max: 10m',
  },
  'inputs.*.min_length': {
    description: 'The fewest characters of a text.',
    shape: 'a whole number',
    example: 'min_length: 1',
  },
  'inputs.*.max_length': {
    description: 'The most characters of a text.',
    shape: 'a whole number',
    example: 'max_length: 40',
  },
  'inputs.*.items': {
    description: 'What a `list` holds. The rules of the input then count for each item. Left out: `string`.',
    shape: 'a type, but not `list`',
    example: 'items: service',
  },
  secrets: {
    description: 'Where secrets come from. Fields that take secrets refer to one as `{ secret: name }`.',
    shape: 'a map of names to `{ environment: VARIABLE }` or `{ file: PATH }`',
    example: 'secrets:\n  hook: { environment: DEPLOY_HOOK_URL }',
  },
  'secrets.*.environment': {
    description: 'The environment variable that holds the secret.',
    shape: 'the name of a variable',
    example: 'environment: DEPLOY_HOOK_URL',
  },
  'secrets.*.file': {
    description: 'The file that holds the secret; a line break at its end is dropped.',
    shape: "a path, from the stack's folder",
    example: 'file: secrets/hook.txt',
  },
  target: {
    description:
      'Which Compose stack this is about. Left out or empty: what `docker compose` finds in the current folder. Options of the command line beat it.',
    shape: 'a map; every text may be a template',
    example: 'target: { files: [compose.yml, compose.prod.yml], project: shop }',
  },
  'target.files': {
    description: 'The Compose files, like `-f`, in order.',
    shape: 'a list of paths',
    example: 'files: [compose.yml]',
  },
  'target.project': {
    description: 'The name of the Compose project, like `-p`.',
    shape: 'text',
    example: 'project: shop',
  },
  'target.directory': {
    description: "The stack's folder, like `--project-directory`; relative paths of the playbook count from there.",
    shape: 'a path, from the current folder',
    example: 'directory: /srv/shop',
  },
  'target.env': {
    description: 'Variables for the Compose files, on top of the shell and `.env`.',
    shape: 'a map of names to values',
    example: "env: { TAG: '{{inputs.tag}}' }",
  },
  'target.env_files': {
    description: 'Files with variables, like `--env-file`.',
    shape: 'a list of paths',
    example: 'env_files: [.env, .env.prod]',
  },
  'target.profiles': {
    description: 'The active profiles, like `--profile`.',
    shape: 'a list of names',
    example: 'profiles: [web]',
  },
  'target.context': { description: 'The Docker context, like `--context`.', shape: 'text', example: 'context: prod' },
  'target.release': {
    description: 'A kept release in place of the Compose files: the run works with what was kept of it.',
    shape: '`previous`, or the id of a release (`playbook releases` lists them)',
    example: "release: '{{inputs.release}}'",
  },
  lock: {
    description: 'What happens while another run holds the stack.',
    shape: '`{ wait: DURATION }`',
    example: 'lock: { wait: 5m }',
  },
  'lock.wait': {
    description: 'How long to wait for the other run. `0s`, also when left out: do not wait, exit 7.',
    shape: 'a duration',
    example: 'wait: 5m',
  },
  deadline: {
    description: 'How long the steps may take in all, from the first one on. Undo and `always` are not counted.',
    shape: 'a duration',
    example: 'deadline: 30m',
  },
  on_crash: {
    description:
      'What `playbook resume` does with a run that died before its pivot. After the pivot it always goes forward.',
    shape: '`undo` (also when left out), `resume` or `ask`',
    example: 'on_crash: undo',
  },
  guards: {
    description: 'Checks before anything is touched. All are judged, all are reported; one no-go stops the run.',
    shape: 'a list of guards',
    example:
      "guards:\n  - { id: ports, uses: check.ports }\n  - { id: calm, that: 'inputs.replicas > 0', say: Nothing would run. }",
  },
  'guards[].id': {
    description: 'The name of the guard; `--override` takes it.',
    shape: 'letters, digits and `_`',
    example: 'id: ports',
  },
  'guards[].uses': {
    description: 'The check to run; `playbook actions` lists them.',
    shape: 'the name of a guard',
    example: 'uses: check.ports',
  },
  'guards[].with': {
    description: 'The parameters of the check.',
    shape: 'a map; texts may be templates',
    example: 'with: { memory: 512m }',
  },
  'guards[].that': {
    description:
      'A condition in place of a check; when it does not hold, the guard says no-go with the sentence in `say`.',
    shape: 'a CEL expression that is true or false',
    example: "that: 'stack.services.all(s, s.replicas > 0)'",
  },
  'guards[].say': {
    description: 'The sentence for a condition that does not hold.',
    shape: 'text; may be a template',
    example: 'say: Something is unhealthy already.',
  },
  'guards[].level': {
    description: 'How much a no-go of this guard counts.',
    shape: '`no-go` (also when left out) or `warn`',
    example: 'level: warn',
  },
  'guards[].when': {
    description: 'The guard is judged only when this holds.',
    shape: 'a CEL expression that is true or false',
    example: "when: 'inputs.strict'",
  },
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
    description: 'The action of the step; `playbook actions` lists them.',
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
  rollback: {
    description: 'When a run turns back, and what proves that all is back. `never`: the playbook is itself a way back.',
    shape: '`never` or `{ on, verify }`',
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
  always: {
    description:
      'Steps that run whatever the end of the run, a no-go included. A failure of theirs does not change the result.',
    shape: 'a list of steps, without undo and pivot',
    example: 'always:\n  - { id: tell, uses: shell.run, with: { argv: [./tell.sh] } }',
  },
} as const satisfies Record<string, KeyEntry>;

export type KeyPath = keyof typeof KEYS;

/** Keys that the design has and that nothing honours yet, with what they will do. */
export const NOT_YET: Readonly<Record<string, string>> = {
  start: '`start` (what starts a playbook by itself) is not built yet',
  'rollback.triggers': 'what watches for a rollback (`triggers`) is not built yet',
  'steps[].parallel': '`parallel` is not built yet',
  'steps[].for_each': '`for_each` is not built yet',
  'steps[].do': '`do` is not built yet',
  'always[].parallel': '`parallel` is not built yet',
  'always[].for_each': '`for_each` is not built yet',
  'always[].do': '`do` is not built yet',
};
