import type { RunEvent } from '../../src/engine/events.ts';
import type { Program } from '../../src/engine/program.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { applyEvent, foldEvents, initialState } from '../../src/engine/state.ts';
import type { Store } from '../../src/history/store.ts';
import type { SimReceipt } from './actions.ts';
import { changeRules } from './change-rules.ts';
import type { Change } from './client.ts';
import { endRules } from './end-rules.ts';
import { eventRules } from './event-rules.ts';
import type { Book } from './playbooks.ts';
import type { Files, SimProcess } from './sim.ts';
import type { World } from './world.ts';

/** What is known of a run, from what reached the disk and the world alone. */
export type Known = {
  program: Program;
  book: Book;
  state?: RunState;
  /** The stack when it started. */
  before?: Record<string, string>;
  /** What its receipts are about, by their token. */
  receipts: Map<string, SimReceipt & { step: string }>;
  /** It has asked for a change. */
  changed: boolean;
  /** Tokens of the changes that happened. */
  landed: Set<string>;
  /** Steps of which a person said that they shall be done again: `not-done` or `retry`. */
  again: string[];
  /** Steps of which the world said that they had not happened when they were cut. */
  asked: Set<string>;
};

export type Facts = { world: World; runs: Map<string, Known>; disturbed: Set<string> };

/**
 * Holds every event, every change and every end of a run to DESIGN §6. Who holds the stack is known here by itself, and not
 * from the fence of the store. The first violation is kept: the engine must not be able to catch it.
 */
export class Invariants {
  first: string | undefined;
  /** Types of all events that were stored. */
  readonly seen = new Set<RunEvent['type']>();
  readonly #facts: Facts;
  readonly #store: Store;
  readonly #files: Files;
  #holder: SimProcess | undefined;
  #off: ReadonlySet<string>;
  /** What a process still takes back or clears away since it lost the stack. */
  readonly #late = new Map<SimProcess, string>();

  constructor(world: World, store: Store, files: Files, off: readonly string[] = []) {
    this.#facts = { world, runs: new Map(), disturbed: new Set() };
    this.#store = store;
    this.#files = files;
    this.#off = new Set(off);
  }

  violated(say: string): void {
    const [rule] = say.split(':');
    if (!this.#off.has(rule ?? '')) this.first ??= say;
  }

  planned(program: Program, book: Book): void {
    this.#facts.runs.set(program.run, {
      program,
      book,
      receipts: new Map(),
      changed: false,
      landed: new Set(),
      again: [],
      asked: new Set(),
    });
  }

  acquired(process: SimProcess, thief: boolean): void {
    const holder = this.#holder;
    if (holder?.state === 'alive' && holder !== process && !thief && this.#holds(holder))
      this.violated(`one holder: ${process.name} got the stack, and ${holder.name} lives and holds it`);
    for (const [run, { state }] of this.#facts.runs)
      if (run !== process.run && state?.started_at !== undefined && state.ended_at === undefined)
        this.violated(`one run: ${process.name} got the stack, and run ${run} is not finished`);
    this.#holder = process;
  }

  /** An event is on the disk. */
  stored(process: SimProcess, event: RunEvent): void {
    this.seen.add(event.type);
    if (process !== this.#holder)
      this.violated(`one holder: ${process.name} wrote #${event.seq} and has not the stack`);
    const known = this.#facts.runs.get(event.run);
    const detached = JSON.parse(JSON.stringify(event)) as RunEvent;
    if (event.seq !== (known?.state?.seq ?? 0) + 1)
      this.violated(`journal: #${event.seq} follows #${known?.state?.seq}`);
    else if (known?.state) this.#follows(known, known.state, detached);
    else if (known && detached.type === 'run.created') known.state = initialState(detached);
    else this.violated(`journal: ${event.run} begins with ${event.type}`);
  }

  #follows(known: Known, state: RunState, event: RunEvent): void {
    if (event.type === 'receipt.recorded') this.#recorded(event, known);
    for (const say of eventRules(known, event)) this.violated(say);
    if (event.type === 'step.decided' && event.as !== 'done') known.again.push(event.step);
    if (event.type === 'step.probed' && event.found === 'not-done') known.asked.add(event.step);
    known.state = applyEvent(state, event);
    if (event.type === 'run.started') known.before = this.#facts.world.values();
    if (event.type === 'run.ended') for (const say of endRules(known, this.#facts)) this.violated(say);
  }

  /** Somebody asks the engine for a change. */
  asked(process: SimProcess, change: Change): void {
    const known = this.#facts.runs.get(process.run);
    if (known?.state) {
      known.changed = true;
      for (const say of changeRules(known, change, process === this.#holder)) this.violated(say);
    } else this.violated(`receipt first: ${process.name} changes before its run is on the disk`);
    if (process !== this.#holder) this.#stranger(process, change);
  }

  /** A change happens. Effects that nothing shows afterwards are counted. */
  landed(process: SimProcess, { name, once, cause, token }: Change): void {
    const { world, runs } = this.#facts;
    if (token !== undefined && cause === 'step') runs.get(process.run)?.landed.add(token);
    if (!once || cause !== 'step') return;
    const key = `${process.run} ${name}`;
    const times = (world.executed.get(key) ?? 0) + 1;
    world.executed.set(key, times);
    const disturbed = this.#facts.disturbed.has(name);
    if (!disturbed && times > 1 + (runs.get(process.run)?.again.length ?? 0))
      this.violated(`once: ${name} happened ${times} times in ${process.run}`);
  }

  /** A copy of a call that was under way when the stack was taken from its process: no lock holds that back (docs/locks.md). */
  strayed(process: SimProcess, name: string): void {
    if (process !== this.#holder) this.#facts.disturbed.add(name);
  }

  /** A process gives a run back: the state that it had in memory must be what the journal adds up to. */
  returned(process: SimProcess, state: RunState): void {
    const { run } = process;
    if (process !== this.#holder) return;
    const folded = JSON.stringify(foldEvents(this.#store.events(run)));
    if (folded !== JSON.stringify(state)) this.violated(`fold: ${run} was ${JSON.stringify(state)}, reads ${folded}`);
  }

  /** What a person finds who looks whether the last change of a step has happened. */
  happened(run: string, step: string): boolean {
    const known = this.#facts.runs.get(run);
    const [token] = [...(known?.receipts ?? [])].findLast(([, receipt]) => receipt.step === step) ?? [];
    return token !== undefined && known?.landed.has(token) === true;
  }

  nameOf(run: string, step: string): string | undefined {
    return [...(this.#facts.runs.get(run)?.receipts.values() ?? [])].findLast((each) => each.step === step)?.name;
  }

  #recorded({ ref, step }: RunEvent & { type: 'receipt.recorded' }, { program, receipts }: Known): void {
    const bytes = this.#files.receipts.get(`${program.run}/${ref.file}`);
    if (bytes !== ref.hmac) {
      this.violated(`receipt first: ${ref.file} is not on the disk as the journal says`);
      return;
    }
    const receipt = JSON.parse(bytes) as Partial<SimReceipt>;
    if (receipt.token !== undefined) receipts.set(receipt.token, { ...(receipt as SimReceipt), step });
  }

  /**
   * Who lost the stack may finish the one change that it had recorded, for nothing can take that back from it; on the
   * way back that of one receipt. What it touches is not held to anything any more.
   */
  #stranger(process: SimProcess, { name, text, cause, token }: Change): void {
    this.#facts.disturbed.add(name);
    if (cause === 'step') return;
    const late = this.#late.get(process) ?? token ?? name;
    this.#late.set(process, late);
    if (late !== (token ?? name)) this.violated(`one holder: ${process.name} goes on with ${text}`);
  }

  #holds({ lease, run }: SimProcess): boolean {
    const held = lease && this.#store.lease(lease.engine_id, lease.project);
    return held?.run === run && held.fence === lease?.fence;
  }
}
