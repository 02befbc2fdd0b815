import { Defect } from '../errors.ts';
import type { Glimpse, RunEvent, RunEventBody } from './events.ts';
import type { Ports } from './ports.ts';
import type { Program } from './program.ts';
import type { RunState } from './run-state.ts';
import { applyEvent, initialState } from './state.ts';
import { createWatch, type Watch } from './watch.ts';

/** A run under way: its program, its ports, and the state that its events add up to. */
export interface Live {
  readonly program: Program;
  readonly ports: Ports;
  readonly state: RunState;
  /** Stores the event, folds it in and shows it, in this order; one at a time, whoever calls. */
  emit(event: RunEventBody): Promise<void>;
  /** The same, if this still holds once all that was emitted before is stored: two may want opposite things at one moment. */
  emitIf(event: RunEventBody, holds: (state: RunState) => boolean): Promise<boolean>;
  glimpse(glimpse: Glimpse): void;
  /** Aborted when a trigger trips; its reason is the StepFailure that ends the step under way. */
  readonly tripped: AbortSignal;
  /** The triggers that watch beside the steps. */
  readonly watch: Watch;
  /** The number of the next receipt. */
  nextReceipt(): number;
}

/** Takes up a run where its state ends, or begins it with `run.created`. */
export async function goLive(program: Program, ports: Ports, state: RunState | undefined): Promise<Live> {
  let current = state ?? begun(await ports.journal.append(created(program, ports)), ports);
  // Not how many there are: of two that are recorded at the same time, the earlier one may never have got there.
  let receipts = Math.max(0, ...current.receipts.map(({ receipt }) => receipt));
  let queue: Promise<void> = Promise.resolve();

  async function store(event: RunEventBody): Promise<void> {
    const stored = await ports.journal.append(event);
    current = applyEvent(current, stored);
    ports.watch(stored);
    watch.follow();
  }

  const watch = createWatch(() => live);
  const live: Live = {
    program,
    ports,
    watch,
    tripped: watch.tripped,
    get state() {
      return current;
    },
    emit(event) {
      // Once the journal has refused an event, nothing may follow it: every later emit fails with the same error.
      queue = queue.then(() => store(event));
      return queue;
    },
    emitIf(event, holds) {
      const stored = queue.then(async () => {
        if (!holds(current)) return false;
        await store(event);
        return true;
      });
      queue = stored.then(() => undefined);
      // By way of the queue: whoever waits for this hears of its failure too.
      return queue.then(() => stored);
    },
    glimpse: (glimpse) => ports.watch(glimpse),
    nextReceipt() {
      receipts += 1;
      return receipts;
    },
  };
  return live;
}

function begun(event: RunEvent, ports: Ports): RunState {
  if (event.type !== 'run.created') throw new Defect('a run begins with run.created');
  ports.watch(event);
  return initialState(event);
}

function created(program: Program, ports: Ports): RunEventBody {
  const { playbook, plan, inputs, started_by } = program;
  return {
    type: 'run.created',
    playbook: playbook.name,
    file: playbook.file,
    project: plan.stack.project,
    engine_id: plan.stack.engine_id,
    plan_id: plan.plan_id,
    inputs,
    by: ports.actor,
    started_by,
    process: ports.process,
    ...(plan.stack.commit === undefined ? {} : { commit: plan.stack.commit }),
  };
}
