import type { ScopeTypes } from '../expression/scope.ts';
import type { Clock, Context, Json, Look, Runner, StackBefore } from '../runner/contract.ts';
import type { Actor, Glimpse, ProcessRef, ReceiptRef, RunEvent, RunEventBody } from './events.ts';

export type { Clock } from '../runner/contract.ts';

/** Where events go. `append` has the event on disk before it resolves; when it rejects, the run stops where it is. */
export interface Journal {
  append(event: RunEventBody): Promise<RunEvent>;
}

/** Receipts are files (0600) in the run's folder; `read` refuses one whose HMAC does not fit. */
export interface Receipts {
  write(step: string, receipt: number, content: Json): Promise<ReceiptRef>;
  read(ref: ReceiptRef): Promise<Json>;
}

/** What the world offers to a run: the runners by name, the facts, and the pieces a Context is made of. */
export interface World {
  find(uses: string): Promise<Runner | undefined>;
  /** The schemas of all that this playbook's conditions and templates may ask. */
  types(): Promise<ScopeTypes>;
  /** Names of the facts that the playbook asks for anywhere. */
  readonly factNames: readonly string[];
  /** Facts by provider name, read anew. */
  facts(names: readonly string[]): Promise<Record<string, Json>>;
  look(signal: AbortSignal): Look;
  /** For undo: a look whose programs get a scrubbed environment. */
  scrubbedLook(signal: AbortSignal): Look;
  context: Pick<Context, 'releases' | 'folder' | 'secret'> & {
    evidence(name: string, bytes: string | Uint8Array): Promise<number>;
  };
  /** Called before the first receipt of a run: records release `found` where the stack has none. */
  adopt(context: Context): Promise<string | undefined>;
  /** Of a run that was cut there and is taken back: makes release `found` whole, so that no name of an image is kept for nothing. */
  completeAdoption(context: Context): Promise<void>;
  /** Writes down what the stack is (0600, in the run's folder), for the comparison after an undo. */
  capture(look: Look): Promise<{ ran_before: boolean }>;
  /** What `capture` wrote, as far as checks need it. */
  before(): Promise<StackBefore>;
  /** Compares with what `capture` wrote: one sentence per difference, none when all is back; `say` for people. */
  compare(look: Look): Promise<{ differences: string[]; say: string }>;
  /** Why the engine does not answer; undefined where it does. */
  unreachable(look: Look): Promise<string | undefined>;
  /** Takes every known secret out of a text. */
  mask(text: string): string;
}

/** The wishes of people and signals, from this process and from others (`playbook cancel`). */
export interface Control {
  /** Aborted when the run shall stop and undo; its reason is the Actor. */
  readonly cancel: AbortSignal;
  /** Aborted when the process shall stop at once and leave a run that can be resumed. */
  readonly abandon: AbortSignal;
}

export interface Ports {
  clock: Clock;
  journal: Journal;
  receipts: Receipts;
  world: World;
  control: Control;
  actor: Actor;
  process: ProcessRef;
  /** Sees every event after it is stored, and glimpses as they come. Must not throw. */
  watch(event: RunEvent | Glimpse): void;
}
