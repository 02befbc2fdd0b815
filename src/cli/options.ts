import type { Flags, OptionSpec } from './command.ts';

/** Which stack: as in `docker compose`. */
export const STACK_OPTIONS: readonly OptionSpec[] = [
  { flags: '-f, --file <file>', description: 'a Compose file; may be given again', group: 'Stack', takes: 'many' },
  { flags: '-p, --project <name>', description: "the project's name", group: 'Stack' },
  {
    flags: '--profile <name>',
    description: 'a profile to activate; may be given again',
    group: 'Stack',
    takes: 'many',
  },
  { flags: '--env-file <file>', description: 'in place of .env; may be given again', group: 'Stack', takes: 'many' },
  { flags: '--project-directory <folder>', description: "the stack's folder", group: 'Stack' },
  { flags: '--context <name>', description: 'the Docker context', group: 'Stack' },
];

export const INPUT_OPTION: OptionSpec = {
  flags: '-i, --input <name=value>',
  description: 'a value for an input of the playbook; may be given again',
  group: 'Playbook',
  takes: 'pairs',
};

export const OVERRIDE_OPTION: OptionSpec = {
  flags: '--override <guard>',
  description: 'set the no-go of this guard aside; who did it is recorded',
  group: 'Playbook',
  takes: 'many',
};

/** Which playbooks a hook is about. */
export const PLAYBOOK_OPTION: OptionSpec = {
  flags: '--playbook <file>',
  description: 'the playbook, by its path in the repository; may be given again',
  group: 'Playbook',
  takes: 'many',
};

/** Of a hook that starts a playbook. */
export const FOLDER_OPTION: OptionSpec = {
  flags: '--folder <folder>',
  description: "the stack's folder; a push is checked out into it",
  group: 'Stack',
};

/** How a plan is given out. */
export const PLAN_OPTIONS: readonly OptionSpec[] = [
  { flags: '-o, --output <file>', description: 'write the plan as JSON, for run --plan', group: 'Plan' },
  { flags: '--md', description: 'print the plan as Markdown', group: 'Plan' },
  { flags: '--detailed-exitcode', description: 'exit 10 for changes, 11 for undecided', group: 'Plan' },
];

export const YES_OPTION: OptionSpec = {
  flags: '--yes',
  description: 'do not ask; needed where there is no terminal',
  group: 'Playbook',
};

export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json', description: 'print JSON in place of text', group: 'Output' },
  { flags: '--quiet', description: 'print only what went wrong', group: 'Output' },
  { flags: '--no-color', description: 'print without colours', group: 'Output' },
];

/** What `check` makes of what it finds. */
export const CHECK_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--level <level>',
    description: 'the least bad level that fails: error (as without it), warning or notice',
    group: 'Check',
  },
  { flags: '--strict', description: 'the same as --level warning', group: 'Check' },
  { flags: '--fix', description: 'mend what can be mended without a guess, in the file', group: 'Check' },
  { flags: '--github', description: 'print annotations for GitHub Actions in place of text', group: 'Check' },
];

export const STATE_DIR_OPTION: OptionSpec = {
  flags: '--state-dir <folder>',
  description: 'where history, receipts and releases are kept',
  group: 'Output',
};

/** What every command takes, whether it changes something there or not. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  ...STACK_OPTIONS,
  ...OUTPUT_OPTIONS,
  STATE_DIR_OPTION,
  YES_OPTION,
];

/** A command line without any option. */
export const NO_FLAGS: Flags = {
  input: {},
  file: [],
  profile: [],
  envFile: [],
  json: false,
  quiet: false,
  color: true,
  yes: false,
  override: [],
  dryRun: false,
  md: false,
  detailedExitcode: false,
  events: false,
  evidence: false,
};
