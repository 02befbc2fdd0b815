import type { KeyEntry } from './key-entry.ts';
import { ROLLBACK_KEYS, START_KEYS } from './start-and-rollback-keys.ts';
import { STEP_KEYS } from './step-keys.ts';

export type { KeyEntry } from './key-entry.ts';

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
  'target.engine': {
    description: 'The playbook is about the engine as a whole and about no stack. Goes with no other key of `target`.',
    shape: '`true`',
    example: 'target: { engine: true }',
  },
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
  ...STEP_KEYS,
  ...ROLLBACK_KEYS,
  ...START_KEYS,
  always: {
    description:
      'Steps that run whatever the end of the run, a no-go included. A failure of theirs does not change the result.',
    shape: 'a list of steps, without undo and pivot',
    example:
      "always:\n  - id: tell\n    uses: shell.run\n    when: run.status != \"nothing-to-do\"\n    with: { argv: [./tell.sh, '{{run.status}}', '{{run.say}}'] }",
  },
} as const satisfies Record<string, KeyEntry>;

export type KeyPath = keyof typeof KEYS;

/** Keys that the design has and that nothing honours yet, with what they will do. */
export const NOT_YET: Readonly<Record<string, string>> = {
  'start[].schedule': '`schedule` (starting at a time) is not built yet',
  'start[].webhook': '`webhook` (starting when somebody calls) is not built yet',
};
