import type { RunEvent, RunStatus } from '../../src/engine/events.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { reservesItsStack } from '../../src/history/run-row.ts';
import type { RunRow } from '../../src/history/store.ts';
import { faultsOf } from './faults.ts';
import { Invariants } from './invariants.ts';
import { beginRun, happen } from './outside.ts';
import { launch, mayGoOn } from './processes.ts';
import { Scheduler } from './scheduler.ts';
import { Random } from './seed.ts';
import type { Sim, SimProcess } from './sim.ts';
import { memoryStore } from './store.ts';
import { World } from './world.ts';

export type Options = {
  /** Told what happens, line by line. */
  tell?: (line: string) => void;
  /** A store that refuses nobody: a bug for a test to find. */
  fenced?: boolean;
  /** Rules that do not count: to see what else notices. */
  off?: readonly string[];
};

/** What came of a seed; `violation` is the first sentence of what went wrong. */
export type Verdict = {
  seed: number;
  violation?: string;
  events: number;
  moves: number;
  ends: RunStatus[];
  seen: ReadonlySet<RunEvent['type']>;
};

/** So many moves are enough for any run; what needs more goes round in circles. */
const MOST_MOVES = 20_000;
/** So often an unfinished run is taken up; from the third time on nothing goes wrong any more. */
const ROUNDS = 12;
const CALM_FROM = 3;

/** One world, one or more runs on it, all that may go wrong, and what people do about it: everything follows from the seed. */
export async function simulate(seed: number, { tell, fenced = true, off = [] }: Options = {}): Promise<Verdict> {
  const sim = begin(seed, { fenced, off, ...(tell && { tell }) });
  await beginRun(sim);
  await untilQuiet(sim);
  for (let round = 1; round <= ROUNDS && !sim.invariants.first; round += 1) {
    if (round >= CALM_FROM) calmDown(sim);
    const unfinished = sim.store.runs().filter((row) => isUnfinished(sim, row, round));
    if (unfinished.length === 0) break;
    for (const { run } of unfinished) await takeUp(sim, run);
  }
  if (!sim.invariants.first) mustHaveEnded(sim);
  const violation = sim.invariants.first;
  const rows = sim.store.runs();
  return {
    seed,
    events: rows.reduce((sum, { run }) => sum + sim.store.events(run).length, 0),
    moves: sim.scheduler.moves,
    ends: rows.map(({ status }) => status),
    seen: sim.invariants.seen,
    ...(violation !== undefined && { violation }),
  };
}

function begin(seed: number, { tell, fenced, off }: Options): Sim {
  const random = new Random(seed);
  const things = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const there = things.filter(() => random.chance(0.7)).map((name) => [name, '0'] as const);
  const world = new World(Object.fromEntries(there));
  const store = memoryStore({ fenced });
  const files = { receipts: new Map<string, string>(), before: new Map<string, string>() };
  const scheduler = new Scheduler(random);
  return {
    random,
    things,
    scheduler,
    world,
    store,
    files,
    faults: faultsOf(random),
    invariants: new Invariants(world, store, files, off),
    programs: new Map(),
    processes: [],
    calm: false,
    tell(line) {
      if (tell) tell(`${String(scheduler.passed).padStart(8)} ${line()}`);
    },
  };
}

/** Until nobody waits for anything any more. */
async function untilQuiet(sim: Sim): Promise<void> {
  const most = sim.scheduler.moves + MOST_MOVES;
  for (;;) {
    await sim.scheduler.quiet();
    await happen(sim);
    await sim.scheduler.quiet();
    if (sim.invariants.first || !sim.scheduler.step()) break;
    if (sim.scheduler.moves > most) return sim.invariants.violated('liveness: it never comes to rest');
  }
  const stuck = sim.processes.find(({ state }) => state === 'alive');
  if (stuck) sim.invariants.violated(`liveness: ${stuck.name} waits for something that never comes`);
}

function calmDown(sim: Sim): void {
  sim.calm = true;
  sim.world.awayUntil = 0;
  sim.world.health = 'good';
}

/** A run that reserves its stack; at first also one that ended with something left, for a person may try again. */
function isUnfinished(sim: Sim, row: RunRow, round: number): boolean {
  if (reservesItsStack(row)) return true;
  if (round > 1 || row.started_at === undefined) return false;
  return mayUndo(sim, row.run) && sim.random.chance(0.5);
}

/** The stack's latest run, before its pivot has ended, and not all back: as `playbook undo` has it. */
function mayUndo(sim: Sim, run: string): boolean {
  const newest = sim.store.runs().find(({ started_at }) => started_at !== undefined);
  return newest?.run === run && mayGoOn(foldEvents(sim.store.events(run)), 'undo');
}

async function takeUp(sim: Sim, run: string): Promise<void> {
  const { ended_at, pivot_passed, parked } = foldEvents(sim.store.events(run));
  const undo = pivot_passed === undefined && (ended_at !== undefined || sim.random.chance(parked ? 0.3 : 0.4));
  const how: SimProcess['how'] = undo ? 'undo' : 'resume';
  launch(sim, { run, how });
  await untilQuiet(sim);
}

function mustHaveEnded(sim: Sim): void {
  const left = sim.store.runs().find(reservesItsStack);
  if (left) sim.invariants.violated(`liveness: ${left.run} is ${left.status} and never ends`);
}
