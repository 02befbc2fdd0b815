import type { Place } from '../errors.ts';
import type { Json } from '../runner/schema.ts';

/**
 * A playbook that passed every check: plain JSON, so that a run can pin it. Durations of the envelope are milliseconds;
 * `with` is still as written (templates are rendered when the step is reached).
 */
export type Playbook = {
  version: 'v1';
  name: string;
  description?: string;
  /** Absolute path it was read from. */
  file: string;
  inputs: Record<string, InputDeclaration>;
  secrets: Record<string, SecretDeclaration>;
  target: TargetDeclaration;
  lock: { wait: number };
  /** From the first step on; not over undo and `always`. */
  deadline?: number;
  on_crash: 'undo' | 'resume' | 'ask';
  guards: GuardUse[];
  steps: Step[];
  /** `never`: the playbook is itself a way back. */
  rollback: Rollback | 'never';
  always: Step[];
};

export type InputType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'duration'
  | 'size'
  | 'path'
  | 'url'
  | 'service'
  | 'enum'
  | 'list';

export type InputDeclaration = {
  type: InputType;
  description?: string;
  /** Left out: true where there is no default. */
  required?: boolean;
  default?: Json;
  /** Allowed values of an `enum`. */
  values?: Json[];
  /** RE2; also takes the taint off data from outside. */
  pattern?: string;
  min?: number | string;
  max?: number | string;
  min_length?: number;
  max_length?: number;
  /** What a `list` holds; `string` when left out. */
  items?: Exclude<InputType, 'list'>;
};

/** Where a secret comes from: one of the two. */
export type SecretDeclaration = { environment: string } | { file: string };

/** `target:`; every string may be a template. */
export type TargetDeclaration = {
  files?: string[];
  project?: string;
  directory?: string;
  env?: Record<string, Json>;
  env_files?: string[];
  profiles?: string[];
  context?: string;
};

/** A guard names a runner (`uses`) or asks a condition (`that`) and says a sentence when it does not hold. */
export type GuardUse = {
  id: string;
  uses?: string;
  with?: Record<string, Json>;
  that?: string;
  say?: string;
  when?: string;
  /** `warn`: a no-go of this guard only warns. */
  level: 'no-go' | 'warn';
  place: Place;
};

export type Retry = { attempts: number; backoff: { from: number; to: number }; if?: string };

/** `undo:` of a step: another action in place of the built-in undo, or none with the reason. */
export type StepUndo = { uses: string; with: Record<string, Json> } | { none: true; because: string };

export type StepProbe = { uses: string; with: Record<string, Json>; done: string };

export type Step = {
  id: string;
  uses: string;
  with: Record<string, Json>;
  description?: string;
  when?: string;
  guards: GuardUse[];
  expect?: string;
  retry?: Retry;
  /** Per attempt, milliseconds; left out: the action's own. */
  timeout?: number;
  undo?: StepUndo;
  probe?: StepProbe;
  pivot: boolean;
  place: Place;
};

export type RollbackCause = 'failure' | 'timeout' | 'cancel' | 'trigger';

export type Rollback = {
  on: RollbackCause[];
  /** Ids of steps that are run again as checks after an undo. */
  verify: string[];
};
