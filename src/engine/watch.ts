import { StepFailure } from '../errors.ts';
import { CouldNotEvaluate, evaluateCondition } from '../expression/condition.ts';
import { readyParams } from '../playbook/params.ts';
import type { TriggerUse } from '../playbook/types.ts';
import type { AnyTrigger, Baseline, Sample } from '../runner/contract.ts';
import { conditionHolds } from './condition.ts';
import type { Live } from './live.ts';
import { runError } from './run-error.ts';
import { scopeOf } from './scope.ts';
import { type Counter, createCounter, type Verdict } from './trip.ts';
import { watchedNow } from './watched.ts';

/** The triggers of a run: they watch beside its steps. */
export interface Watch {
  /** Aborted when one trips; its reason is the StepFailure that ends the step under way. */
  readonly tripped: AbortSignal;
  /** Opens and closes what is due after an event. Never waits. */
  follow(): void;
  /** Ends all that still watches, and waits for what they have to say to be stored. */
  close(): Promise<void>;
}

type Watching = { ending: AbortController; done: Promise<void> };

/** Watches for a run; whatever it finds goes into the journal. */
export function createWatch(live: () => Live): Watch {
  const tripped = new AbortController();
  const open = new Map<string, Watching>();
  const begin = (use: TriggerUse) => {
    const ending = new AbortController();
    const done = watchOne({ live: live(), use, signal: ending.signal, tripped }).catch(async (thrown: unknown) => {
      // A journal that refuses ends the run by itself; anything else must be seen, and counts as nothing measured.
      const say = `it failed: ${runError(thrown, live().ports.world.mask).message}`;
      await live()
        .emit({ type: 'trigger.noted', trigger: use.id, now: 'no-data', say })
        .catch(() => undefined);
    });
    open.set(use.id, { ending, done });
  };
  return {
    tripped: tripped.signal,
    follow() {
      const { program, state } = live();
      const off = new Set(program.plan.triggers.flatMap(({ id, off: why }) => (why === undefined ? [] : [id])));
      const due = tripped.signal.aborted ? [] : watchedNow(program.playbook, state, off);
      for (const [id, { ending }] of open) if (!due.some((use) => use.id === id)) ending.abort();
      for (const use of due) if (!open.has(use.id)) begin(use);
    },
    async close() {
      for (const { ending } of open.values()) ending.abort();
      await Promise.all([...open.values()].map(({ done }) => done));
    },
  };
}

/** What each trigger measures before the first change; what cannot be measured then is left out. */
export async function measureBaselines(live: Live): Promise<void> {
  const { rollback } = live.program.playbook;
  if (rollback === 'never' || !rollback.on.includes('trigger')) return;
  await Promise.all(
    rollback.triggers.map(async (use) => {
      if (live.state.triggers.some(({ id }) => id === use.id)) return;
      const baseline = await baselineOf(live, use).catch(() => undefined);
      if (baseline) await live.emit({ type: 'trigger.measured', trigger: use.id, baseline });
    }),
  );
}

/** A run must not wait long for what only helps it to judge. */
const BASELINE_TIMEOUT = 10_000;

async function baselineOf(live: Live, use: TriggerUse): Promise<Baseline | undefined> {
  if (use.when !== undefined && !(await conditionHolds(live, use.when))) return undefined;
  const trigger = await triggerOf(live, use);
  const params = readyParams(trigger.params, use.with, await scopeOf(live, use.with));
  const over = new AbortController();
  const stop = AbortSignal.any([over.signal, live.ports.control.cancel, live.ports.control.abandon]);
  const timer = live.ports.clock.sleep(BASELINE_TIMEOUT, stop).then(
    () => over.abort(new StepFailure('it took too long', { class: 'timeout' })),
    () => undefined,
  );
  try {
    return await trigger.baseline?.(params, live.ports.world.look(stop));
  } finally {
    over.abort(new StepFailure('it is measured', { class: 'cancelled' }));
    await timer;
  }
}

type One = { live: Live; use: TriggerUse; signal: AbortSignal; tripped: AbortController };

async function watchOne({ live, use, signal, tripped }: One): Promise<void> {
  const trigger = await triggerOf(live, use);
  if (use.when !== undefined && !(await conditionHolds(live, use.when))) return;
  const params = readyParams(trigger.params, use.with, await scopeOf(live, use.with));
  await live.emit({ type: 'trigger.opened', trigger: use.id, uses: use.uses });
  const baseline = live.state.triggers.find(({ id }) => id === use.id)?.baseline;
  const counter = createCounter(use.trip);
  const notes = notesOf(live, use, baseline);
  await notes.begin();
  const watching = { look: live.ports.world.look(signal), signal, since: live.ports.clock.now() };
  for await (const sample of trigger.watch(params, { ...watching, ...(baseline && { baseline }) })) {
    if (signal.aborted) break;
    const verdict = await judge({ live, use, trigger }, sample);
    if (await notes.aside(verdict, sample)) continue;
    const trips = counter.add(verdict) && !(await causeOutside(live, use, counter));
    if (!trips) await notes.note(verdict, sample);
    else {
      await trip({ live, use, signal, tripped }, sample);
      break;
    }
  }
  await live.emit({ type: 'trigger.closed', trigger: use.id, ...counter.totals });
}

/** By the playbook's own condition, else as the trigger sees it. What cannot be judged is no bad value. */
async function judge(
  { live, use, trigger }: { live: Live; use: TriggerUse; trigger: AnyTrigger },
  sample: Sample,
): Promise<Verdict> {
  if (use.bad === undefined) return sample.bad === undefined ? 'no-data' : sample.bad ? 'bad' : 'good';
  if (sample.values === undefined) return 'no-data';
  try {
    const scope = await scopeOf(live, use.bad, { sample: { value: sample.values, schema: trigger.sample } });
    return evaluateCondition(use.bad, scope).value ? 'bad' : 'good';
  } catch (thrown) {
    if (thrown instanceof CouldNotEvaluate) return 'no-data';
    throw thrown;
  }
}

type Notes = {
  begin(): Promise<void>;
  /** Whether the sample does not count: what was bad before the run has not been good since. */
  aside(verdict: Verdict, sample: Sample): Promise<boolean>;
  note(verdict: Verdict, sample: Sample): Promise<void>;
};

/** Only what changes is stored: a soak of an hour has thousands of samples. */
function notesOf(live: Live, { id }: TriggerUse, baseline: Baseline | undefined): Notes {
  let aside = baseline?.bad === true;
  let last: Verdict | undefined;
  const note = async (verdict: Verdict, { say }: Sample) => {
    if (verdict === last) return;
    last = verdict;
    await live.emit({ type: 'trigger.noted', trigger: id, now: verdict, say: live.ports.world.mask(say) });
  };
  return {
    note,
    async begin() {
      if (!aside || !baseline) return;
      const because = `it was bad before the run (${live.ports.world.mask(baseline.say)}), and counts once it has been good`;
      await live.emit({ type: 'trigger.set_aside', trigger: id, because });
    },
    async aside(verdict) {
      if (verdict === 'good') aside = false;
      return aside;
    },
  };
}

/** An engine that does not answer is nothing that a rollback could mend: what was bad until then counts no more. */
async function causeOutside(live: Live, { id }: TriggerUse, counter: Counter): Promise<boolean> {
  const { world, control } = live.ports;
  const why = await world.unreachable(world.look(control.abandon));
  if (why === undefined) return false;
  counter.forget();
  await live.emit({ type: 'trigger.set_aside', trigger: id, because: `the cause lies outside: ${world.mask(why)}` });
  return true;
}

async function trip({ live, use, signal, tripped }: One, { at, say, lines }: Sample): Promise<void> {
  if (signal.aborted || tripped.signal.aborted) return;
  const { mask } = live.ports.world;
  const shown = lines && lines.length > 0 ? { lines: lines.slice(-10).map(mask) } : {};
  const event = { type: 'trigger.tripped', trigger: use.id, say: mask(say), sampled_at: at, ...shown } as const;
  // The pivot may have been passed meanwhile: then nothing is stopped any more.
  if (!(await live.emitIf(event, ({ pivot_passed, undo }) => pivot_passed === undefined && !undo))) return;
  tripped.abort(new StepFailure(`stopped, because ${use.id} tripped: ${mask(say)}`, { class: 'cancelled' }));
}

async function triggerOf(live: Live, use: TriggerUse): Promise<AnyTrigger> {
  const runner = await live.ports.world.find(use.uses);
  if (runner?.kind === 'trigger') return runner;
  throw new StepFailure(`there is no trigger ${use.uses} in this version`, { class: 'not-found' });
}
