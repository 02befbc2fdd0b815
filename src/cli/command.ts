import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** One command as the help shows it; what it does is loaded only when it is called. */
export type CommandSpec = {
  name: string;
  group: 'Deploy' | 'Look' | 'Learn';
  summary: string;
  /** Commander's syntax (`[playbook]`, `<file...>`) and what it is. */
  arguments: readonly (readonly [syntax: string, description: string])[];
  options: readonly OptionSpec[];
  /** What the page says besides: each entry a paragraph. */
  notes?: readonly string[];
  examples: readonly (readonly [command: string, says: string])[];
  /** The exit codes it can end with. */
  exits: readonly ExitCode[];
  load(): Promise<CommandAction>;
};

export type OptionSpec = {
  flags: string;
  description: string;
  group: string;
  /** May be given more than once; `pairs` are `name=value`. */
  takes?: 'many' | 'pairs';
};

/** Does the command and says what to exit with. */
export type CommandAction = (invocation: Invocation) => Promise<number>;

export type Invocation = { args: readonly string[]; flags: Flags; io: Io };

/** Every option of every command; a command sees only those that its spec lists. */
export type Flags = {
  input: Readonly<Record<string, string>>;
  file: readonly string[];
  project?: string;
  profile: readonly string[];
  envFile: readonly string[];
  projectDirectory?: string;
  context?: string;
  json: boolean;
  quiet: boolean;
  /** False by `--no-color`. */
  color: boolean;
  yes: boolean;
  override: readonly string[];
  stateDir?: string;
  /** A file; of `resume` and `show` no more than that it is asked for. */
  plan?: string | true;
  dryRun: boolean;
  output?: string;
  template?: string;
  md: boolean;
  detailedExitcode: boolean;
  events: boolean;
  evidence: boolean;
  export?: string;
  limit?: string;
  keep?: string;
  olderThan?: string;
  as?: string;
  onCrash?: string;
  /** Paths in a repository. */
  playbook?: readonly string[];
  /** From which level on a problem is a failure. */
  level?: string;
  strict?: boolean;
  /** Mends what can only have been meant otherwise. */
  fix?: boolean;
  github?: boolean;
  folder?: string;
};
