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
  steps: StepNode[];
  /** `never`: the playbook is itself a way back. */
  rollback: Rollback | 'never';
  always: Step[];
  /** What starts it by itself; left out: nothing. */
  start?: GitStart[];
};

/** A hook of git that starts a playbook: for these refs, and only where one of these paths differs from what is deployed. */
export type GitStart = {
  hook: 'post-receive' | 'post-merge';
  refs: string[];
  paths?: string[];
  skip_words: string[];
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

/** `target:`; every string may be a template. `engine`: the playbook is about the engine as a whole, and about no stack. */
export type TargetDeclaration = {
  engine?: true;
  release?: string;
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

/** Steps that go on at the same time. The first failure stops the others. */
export type ParallelStep = {
  kind: 'parallel';
  id: string;
  description?: string;
  when?: string;
  parallel: Step[];
  pivot: false;
  place: Place;
};

/** A batch size: so many items, or that part of all items (rounded up, one at least). */
export type BatchSize = number | { percent: number };

/** Steps that are done once per item, or once per batch of items; `as` names the item, or the list of the batch's items. */
export type LoopStep = {
  kind: 'for_each';
  id: string;
  description?: string;
  when?: string;
  /** A CEL expression that is a list. */
  in: string;
  as: string;
  /** Sizes of the batches, the last one repeats; a template stands for such a list. Left out: item by item. */
  batch?: BatchSize[] | string;
  /** Between batches, milliseconds; or a template. */
  delay?: number | string;
  /** So many batches may fail: each is taken back, and the next one follows. */
  allow: number;
  do: StepNode[];
  pivot: false;
  place: Place;
};

/** What stands in a list of steps. A plain step has no `kind`. */
export type StepNode = (Step & { kind?: undefined }) | ParallelStep | LoopStep;

/** A background rule that turns a run back: `uses` gives samples, `bad` judges each, `trip` counts them. */
export type TriggerUse = {
  id: string;
  uses: string;
  with: Record<string, Json>;
  when?: string;
  /** `start`, or the id of a step: watched from its end on. */
  from: string;
  /** Id of the step whose end ends the watch; left out: the pivot. */
  until?: string;
  /** A CEL expression over `sample`; left out: the trigger's own judgement. */
  bad?: string;
  trip: { bad: number; of: number };
  /** While nothing can be measured: `ignore` goes on without, `pause` does not let the window end before there is data. */
  no_data: 'ignore' | 'pause';
  place: Place;
};

export type RollbackCause = 'failure' | 'timeout' | 'cancel' | 'trigger';

export type Rollback = {
  on: RollbackCause[];
  /** Ids of steps that are run again as checks after an undo. */
  verify: string[];
  triggers: TriggerUse[];
};
