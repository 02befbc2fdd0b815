import type { Json, JsonSchema } from './schema.ts';

export type { Json, JsonSchema } from './schema.ts';

/** What a guard says; `undecided` names the step that will decide it. */
export type Verdict = 'go' | 'no-go' | 'warn' | 'undecided';

/** How an action that was cut in the middle is dealt with on resume (DESIGN §2). */
export type EffectClass = 'pure' | 'convergent' | 'probed' | 'opaque';

export type Certainty = 'certain' | 'likely' | 'unknown';

/** What a change does to its target. `keep` is no change: it says that the target was looked at and stays. */
export type Verb =
  | 'keep'
  | 'create'
  | 'recreate'
  | 'start'
  | 'stop'
  | 'remove'
  | 'scale'
  | 'run'
  | 'pull'
  | 'build'
  | 'tag'
  | 'record'
  | 'execute'
  | 'wait'
  /** Files are put on another commit; nothing of the stack changes by it. */
  | 'checkout'
  /** At the edge: who gets requests from now on. */
  | 'route';

/** One difference between what is and what shall be. Values of the environment are never in here, names only. */
export type Difference = { what: string; from?: string; to?: string };

/** One thing a step would do, computed from reads alone. */
export type Change = {
  verb: Verb;
  /** What it is done to: `web`, `volume shop_data`, `image shop/web:1.5.0`. */
  target: string;
  /** Why, each a clause: "the image differs". */
  because: string[];
  diff?: Difference[];
  certainty: Certainty;
  /** How long the target does not serve, and why; `ms` is the last measured gap. */
  downtime?: { kind: 'none' | 'gap' | 'unknown'; because: string; ms?: number };
  /** Facts it rests on (container IDs, image IDs, hashes): part of the plan's fingerprint, compared again before the step. */
  binds?: Record<string, string>;
  /** Set where this change cannot be taken back, and why. */
  irreversible?: string;
  /** By what it is done, where that is worth a line of its own: what the driver of an edge can. */
  how?: string;
  /** What stays for the way back: "the old container, stopped"; until the pivot has ended, which the plan says once. */
  kept?: string;
  /** How long it takes in any case, in milliseconds: a soak, a pause. */
  takes?: number;
};

/** A reference to a secret as it stands in a playbook; the value is had from `context.secret` only. */
export type SecretRef = { secret: string };

/** The stack a run is about, resolved: absolute paths, no templates left. */
export type Target = {
  /** `-p`; left out: Compose's own choice. */
  project?: string;
  /** The stack's folder; relative paths of a playbook count from here. */
  directory: string;
  /** `-f`, in order; empty: Compose's own lookup in `directory`. */
  files: string[];
  env_files: string[];
  profiles: string[];
  /** On top of the shell's variables and `.env`. */
  env: Record<string, string>;
  context?: string;
  /** No stack at all: the whole engine. */
  engine?: true;
  /** A kept release in place of the files: `previous`, or its id. What it is gets looked up once, when the plan is made. */
  release?: string;
};

/** Time, passed in so that tests need not wait. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Things that are opened once per process and closed at its end, such as a client's connections. */
export interface Resources {
  once<T>(key: string, open: () => T, close?: (opened: T) => void): T;
}

/** A stack as it was when a run ended well, kept so that it can be restored exactly. */
export type Release = {
  /** `r12`, or `found` for what ran before the first run. */
  id: string;
  project: string;
  engine_id: string;
  run?: string;
  created_at: number;
  commit?: string;
  compose_version: string;
  profiles: string[];
  services: Record<string, ReleaseService>;
  /** HMAC of the environment and of the contents of configs and secrets, by name. */
  fingerprints: Record<string, string>;
  /** Files of the release's folder (0600), by what they are: `config`, `inspects`. */
  files: Record<string, string>;
  /** What the run that made it did and no rollback takes back, one sentence each: a migration that ran, a mail that was sent. */
  irreversible?: string[];
  /** Set where a rollback has put it back since. */
  restored?: Restored;
};

/** When a release was put back last, by which run, and in what it is not what it was when it was recorded. */
export type Restored = {
  at: number;
  run: string;
  /** Fingerprints of contents as they were then: files of the user's that changed since stay as they are. */
  contents: Record<string, string>;
  /** Hashes of the configuration by service: another version of Compose computes others. */
  hashes: Record<string, string>;
};

export type ReleaseService = {
  image: string;
  image_id: string;
  digests: string[];
  keep_tag: string;
  config_hash?: string;
  containers: number;
};

export interface ReadReleases {
  /** Of this stack, newest first. */
  list(): Promise<Release[]>;
  read(release: Release, file: string): Promise<Uint8Array>;
}

export interface Releases extends ReadReleases {
  /** Writes the files (0600), then the record; gives the release back with the paths filled in. */
  write(release: Omit<Release, 'files'>, files: Record<string, Uint8Array>): Promise<Release>;
  remove(id: string): Promise<void>;
  /** Notes that it was put back; undefined takes the note off again. */
  markRestored(id: string, restored: Restored | undefined): Promise<void>;
  /** `r1`, `r2`, …: the next free one. */
  nextId(): Promise<string>;
}

/** What reading needs. Clients give a *reading* type for a Look; nothing that is had from it can change the world. */
export interface Look {
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly resources: Resources;
  readonly releases: ReadReleases;
  /** The folder of the playbook's file: `template:` paths count from here. */
  readonly playbook_dir: string;
  /** The rendered Compose file of the run (absolute path) from its start on; nothing is resolved again then. */
  readonly frozen?: string;
  /**
   * A folder under which the files stand as they will be, each at its own path: those of a commit that is only being planned.
   * `target` leads into it; the stack is the one without it.
   */
  readonly shadow?: string;
  /** A plan is about one moment: what was seen of the stack holds for as long as this look does. Never in a run. */
  readonly moment?: true;
  /** The environment that programs get: the shell's before a run; scrubbed for undo and rollback. */
  readonly env: Readonly<Record<string, string>>;
  /** Keyed hash (hex) for fingerprints; a bare hash of a short password could be guessed. */
  hmac(bytes: string | Uint8Array): string;
  /** Projects of this engine that an unfinished run holds: nothing of theirs may be touched. */
  busy(): Promise<string[]>;
  /** The release that `target.release` means, looked up when the plan was made; undefined where the target names none. */
  readonly release?: Release;
  /** How long `what` (`gap:web`) took in earlier runs of this stack, newest first, in milliseconds. */
  measured(what: string): Promise<number[]>;
}

/** How far something is: shown, never stored. */
export type Progress = { say: string; done?: number; total?: number };

/** What acting needs; given to `run`, `undo` and `settle` only. Changing clients are had from a Context, never from a Look. */
export interface Context {
  readonly look: Look;
  readonly run: string;
  /** Whether any step of this run has recorded a change: without one, waits end at once. */
  readonly changed: boolean;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly releases: Releases;
  /** The run's folder (0700): for files that later steps or an undo need. */
  readonly folder: string;
  /** One line of what is going on; shown live, stored with the step. */
  log(line: string): void;
  progress(progress: Progress): void;
  /** Keeps bytes as `evidence/NAME` in the run's folder (0600). */
  evidence(name: string, bytes: string | Uint8Array): Promise<void>;
  /** Notes a duration under a name for later forecasts (`gap:web`). */
  measure(what: string, ms: number): void;
  /** The value of a secret; it is masked in every output from then on. */
  secret(ref: SecretRef): Promise<string>;
  /** Only while `rollback.verify` runs: what the stack was when the run began. Nothing may be worse than that. */
  readonly before?: StackBefore;
}

/** The stack before the run, as far as checks need it: which services were running and healthy. */
export type StackBefore = { services: Record<string, { running: boolean; healthy: boolean }> };

/** The context of `run`: each change is recorded before it is made. */
export interface RunContext<Receipt extends Json = Json> extends Context {
  /** Puts the receipt on disk (0600) and its note into the journal; await it *before* the change it belongs to. */
  record(receipt: Receipt): Promise<void>;
}

/** Why there is no undo: `impossible` (it changes what cannot be taken back) or `unneeded` (it changes nothing). */
export type NoUndo = { impossible: string } | { unneeded: string };

/** What an undo or a settle did, as one clause for people: "web is back on 1.4.1 (9b1c…)". */
export type Done = { say: string } | undefined;

export type Undo<Receipt extends Json> = NoUndo | ((receipt: Receipt, context: Context) => Promise<Done>);

/** One example: `with` as a user would write it. */
export type Example = { title: string; with: Record<string, Json> };

/**
 * Something a step does. `P` are its parameters after validation: durations in milliseconds, sizes in bytes.
 * `R` is its receipt; `null` where it changes nothing and so records none.
 */
export interface Action<P = never, R extends Json = null, O extends Record<string, Json | undefined> = never> {
  readonly kind: 'action';
  readonly summary: string;
  readonly params: JsonSchema;
  readonly examples: readonly Example[];
  readonly effect: EffectClass;
  /**
   * Schema of what `run` gives back: `steps.ID.…` and `result.…` in expressions. `say` is shown; `irreversible` (sentences)
   * is what it did that nothing takes back, and becomes part of the release that the run records.
   */
  readonly outputs: JsonSchema;
  /** Per attempt, `90s`; a step may set its own. */
  readonly timeout: string;
  /** Reads only. `earlier`: the changes of the steps before this one. Throws a Refusal('no-go') where it must not be done. */
  plan(params: P, look: Look, earlier: readonly Change[]): Promise<Change[]>;
  /**
   * What `run` would give, as far as it is known before: later steps are then planned with it, and loops over it show their
   * batches. A name that does not exist yet stands as `<new web 1>`. Undefined, or left out: unknown until it has run. Reads only.
   */
  foresee?(params: P, look: Look, earlier: readonly Change[]): Promise<O | undefined>;
  run(params: P, context: RunContext<R>): Promise<O>;
  readonly undo: Undo<R>;
  /**
   * Removes what was kept for the way back, once the pivot has ended; convergent. Of a `probed` action without an undo also when
   * a run is taken back: its traces have told what they were kept for.
   */
  readonly settle?: (receipt: R, context: Context) => Promise<Done>;
  /** For the class `probed`: did the change of this receipt happen? */
  readonly probe?: (receipt: R, look: Look) => Promise<'done' | 'not-done' | 'unknown'>;
}

/** What a guard found; evidence is what it looked at, for the record and for `--json`. */
export type Judgement = {
  verdict: Verdict;
  /** One sentence; what could not be found out is a `warn` that says "unknown: …", never a `go`. */
  say: string;
  /** What to do about it. */
  hint?: string;
  /** For `undecided`: the id of the step that will decide it. */
  until?: string;
  evidence?: Json;
};

export interface Guard<P = never> {
  readonly kind: 'guard';
  readonly summary: string;
  /** Without its go nothing can be planned and no other guard can judge (`check.config`, `check.engine`): it is asked first. */
  readonly gate?: true;
  readonly params: JsonSchema;
  readonly examples: readonly Example[];
  /** `earlier`: what the steps would do, as far as it is planned. Reads only. */
  judge(params: P, look: Look, earlier: readonly Change[]): Promise<Judgement>;
}

/** One measurement of a trigger; `bad` left out is a measuring error (no data), which is not a bad value. */
export type Sample = {
  at: number;
  bad?: boolean;
  /** A clause for people: "web is unhealthy for 10 s", "12 error lines in 1 min"; of an error, why nothing is known. */
  say: string;
  /** What `bad` may ask for as `sample.…`; fits the trigger's `sample` schema. */
  values?: Record<string, Json>;
  /** Lines that show it: log lines, probe output. */
  lines?: string[];
};

/** What a trigger measured before the first change of the run; `values` are its own, given back to it when it watches. */
export type Baseline = { bad: boolean; say: string; values?: Json };

/** What a trigger watches with. `signal` ends it; `since` is when its window opened (milliseconds since the epoch). */
export type Watching = { look: Look; signal: AbortSignal; since: number; baseline?: Baseline };

/**
 * A background rule: gives samples for as long as it is watched. It never throws for what the world does: what it cannot
 * measure is a sample without `bad`, and it goes on. It only ends when its signal is aborted.
 */
export interface Trigger<P = never> {
  readonly kind: 'trigger';
  readonly summary: string;
  readonly params: JsonSchema;
  readonly examples: readonly Example[];
  /** Schema of `sample` in the condition `bad` of a playbook: an object with `additionalProperties: false`. */
  readonly sample: JsonSchema;
  /** What trips it by itself, as a clause: "unhealthy for 10 s", "more than 10 lines like ERROR|FATAL in 1 min". */
  say(params: P): string;
  /** How long it must watch before it can find anything bad, in milliseconds: its `for`, `within` or `failing_for`. Pure. */
  needs(params: P): number;
  /** Why a window of `window` milliseconds is too short on this very stack (its healthchecks answer later); reads only. */
  objection?(params: P, look: Look, window: number): Promise<string | undefined>;
  /** Asked once, before the first change of a run. */
  baseline?(params: P, look: Look): Promise<Baseline>;
  watch(params: P, watching: Watching): AsyncIterable<Sample>;
}

/** A fact that conditions may ask: `stack.services`. Read only when something asks for it. */
export interface Facts {
  readonly kind: 'facts';
  readonly summary: string;
  /** Schema of the value; expressions are checked against it. */
  readonly schema: JsonSchema;
  read(look: Look): Promise<Json>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds runners of every parameter type; their schema vouches for the values.
export type AnyAction = Action<any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyGuard = Guard<any>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyTrigger = Trigger<any>;
export type Runner = AnyAction | AnyGuard | AnyTrigger;

/** A runner family: the actions, guards, triggers and facts it offers, by full name (`compose.up`; facts: `stack`). */
export interface Family {
  readonly name: string;
  readonly summary: string;
  readonly offers: Readonly<Record<string, Runner>>;
  readonly facts?: Readonly<Record<string, Facts>>;
}

/** Gives the value its types; `R` must be a `type`, not an `interface`, to count as JSON. */
export function defineAction<P, R extends Json, O extends Record<string, Json | undefined>>(
  action: Omit<Action<P, R, O>, 'kind'>,
): Action<P, R, O> {
  return { kind: 'action', ...action };
}

export function defineGuard<P>(guard: Omit<Guard<P>, 'kind'>): Guard<P> {
  return { kind: 'guard', ...guard };
}

export function defineTrigger<P>(trigger: Omit<Trigger<P>, 'kind'>): Trigger<P> {
  return { kind: 'trigger', ...trigger };
}

export function defineFacts(facts: Omit<Facts, 'kind'>): Facts {
  return { kind: 'facts', ...facts };
}
