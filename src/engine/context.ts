import type { Json, Look, Releases, RunContext } from '../runner/contract.ts';
import type { Phase, RunEventBody } from './events.ts';
import { irreversibleOf } from './irreversible.ts';
import type { Live } from './live.ts';
import { changedTheStack } from './outcome.ts';
import { measureBaselines } from './watch.ts';

/** What an action gets, and the lines that it has logged since they were last stored. */
export type Session = { context: RunContext; flush(): Promise<void> };

/** Lines are stored some at a time: a build has thousands, and each event is on disk before the run goes on. */
const LINES_AT_ONCE = 100;

/** Letters of one attempt that are kept: a container that never stops talking must not fill the disk of the history. */
const MOST_KEPT = 4 * 1024 * 1024;

const NOT_KEPT = 'What it said from here on was shown, and is not kept: of one attempt 4 MB are.';

type What = { step: string; phase: Phase; look: Look };

/** Makes the context of one attempt at a step. */
export function openSession(live: Live, { step, phase, look }: What): Session {
  let lines: string[] = [];
  let kept = 0;
  let pending: Promise<unknown> = Promise.resolve();
  const { world, clock } = live.ports;

  /** For what an action only notes and does not wait for; whatever the journal says to it is met at the next flush. */
  const note = (event: RunEventBody) => {
    pending = Promise.all([pending, live.emit(event)]);
    pending.catch(() => undefined);
  };
  const noteLines = () => {
    if (lines.length > 0) note({ type: 'step.logged', step, lines });
    lines = [];
  };
  const flush = async () => {
    noteLines();
    await pending;
  };

  const context: RunContext = {
    ...world.context,
    releases: noting(live, world.context.releases),
    look,
    clock,
    run: live.program.run,
    signal: look.signal,
    get changed() {
      return changedTheStack(live.program, live.state);
    },
    log(text) {
      const line = world.mask(text);
      live.glimpse({ type: 'line', step, line });
      if (kept > MOST_KEPT) return;
      kept += line.length + 1;
      lines.push(kept > MOST_KEPT ? NOT_KEPT : line);
      if (lines.length >= LINES_AT_ONCE) noteLines();
    },
    progress: (progress) => live.glimpse({ type: 'progress', step, ...progress, say: world.mask(progress.say) }),
    async evidence(name, bytes) {
      const size = await world.context.evidence(name, bytes);
      await live.emit({ type: 'evidence.kept', step, name, bytes: size });
    },
    measure: (what, ms) => note({ type: 'step.measured', step, what, ms }),
    // Checks change nothing, and what `always` does to tell of an end is not taken back: after a no-go it must leave no trace.
    record: (receipt) => (phase === 'steps' ? record(live, step, context, receipt) : Promise.resolve()),
  };
  return { context, flush };
}

/** A release that this run makes becomes part of its record; `found` is of what ran before it. */
function noting(live: Live, releases: Releases): Releases {
  return {
    ...releases,
    async write(release, files) {
      const own = release.run === live.program.run ? irreversibleOf(live.program, live.state) : [];
      const written = await releases.write({ ...release, ...(own.length > 0 && { irreversible: own }) }, files);
      if (written.run === live.program.run) await live.emit({ type: 'release.recorded', release: written.id });
      return written;
    },
  };
}

/** Makes the context of an undo or a settle: they record nothing, for they are convergent instead. */
export function openUndoSession(live: Live, what: Omit<What, 'phase'>): Session {
  const { context, flush } = openSession(live, { ...what, phase: 'steps' });
  return { context: { ...context, changed: true, record: async () => undefined }, flush };
}

async function record(live: Live, step: string, context: RunContext, content: Json): Promise<void> {
  await prepareTheWayBack(live, step, context);
  context.signal.throwIfAborted();
  const receipt = live.nextReceipt();
  const ref = await live.ports.receipts.write(step, receipt, content);
  // A step that was left alone meanwhile must not add to a run that turns back, or has ended.
  context.signal.throwIfAborted();
  await live.emit({ type: 'receipt.recorded', step, receipt, ref });
  // Whoever cancelled meanwhile must not see another change being made.
  context.signal.throwIfAborted();
}

const prepared = new WeakMap<Live, Promise<void>>();

/** Before the first change of a run: what the stack is gets written down, and kept as release `found` where it has none. */
function prepareTheWayBack(live: Live, step: string, context: RunContext): Promise<void> {
  const known = prepared.get(live) ?? (live.state.captured ? Promise.resolve() : prepare(live, step, context));
  prepared.set(live, known);
  // What failed for a passing reason is done again at the next attempt.
  known.catch(() => prepared.delete(live));
  return known;
}

/** A run that was cut while it prepared has changed nothing of the stack, and shall leave nothing half-made of the way back. */
export async function completePreparation(live: Live): Promise<void> {
  const { world, control } = live.ports;
  const { captured, started_at, receipts, ended_at } = live.state;
  if (captured || started_at === undefined || receipts.length > 0 || ended_at !== undefined) return;
  const { context } = openUndoSession(live, { step: '', look: world.scrubbedLook(control.abandon) });
  // Whatever fails here is done by the next run; it is no reason not to take this one back.
  await world.completeAdoption(context).catch(() => undefined);
}

async function prepare(live: Live, step: string, context: RunContext): Promise<void> {
  const { world } = live.ports;
  const found = await world.adopt(context);
  if (found !== undefined) context.log(`What runs now is kept as release ${found} (${step} makes the first change).`);
  await measureBaselines(live);
  const { ran_before } = await world.capture(context.look);
  await live.emit({ type: 'stack.captured', ran_before });
}
