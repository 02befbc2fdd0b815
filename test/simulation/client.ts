import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { away, type Fate, someError, someFailure } from './faults.ts';
import type { Sim, SimProcess } from './sim.ts';
import type { Flight, Thing, World } from './world.ts';

/** Why a change is made: by a step, to take one back, to clear away what was kept, or by an author's own undo. */
export type Cause = 'step' | 'undo' | 'settle' | 'own undo';

/** A change of one thing. `token` is that of the receipt that it belongs to. */
export type Change = {
  name: string;
  cause: Cause;
  token?: string;
  /** What it does, for the story: `p=2`. */
  text: string;
  apply(thing: Thing): void;
  /** Set where nothing shows afterwards that it happened, or where a second time is a second effect. */
  once?: true;
};

/** What talks to the engine. Everything that is asked waits for the scheduler, which also decides what becomes of it. */
export type Client = {
  world: World;
  read(name: string): Promise<string | undefined>;
  change(change: Change): Promise<void>;
};

/** The client that a Look of the simulation carries. */
export function clientOf(look: Look): Client {
  return (look as unknown as { client: Client }).client;
}

export function openClient(sim: Sim, process: SimProcess, signal: AbortSignal): Client {
  return {
    world: sim.world,
    read: (name) => {
      let value: string | undefined;
      const land = () => {
        value = sim.world.value(name);
      };
      return request(sim, process, { name, land, signal, text: `read ${name}` }).then(() => value);
    },
    change: (change) => {
      sim.invariants.asked(process, change);
      const land = () => {
        change.apply(sim.world.thing(change.name));
        sim.invariants.landed(process, change);
        sim.tell(() => `${process.name}: the engine does ${change.text} (${change.cause}) | ${sim.world.text()}`);
      };
      const { name, text, once } = change;
      return request(sim, process, { name, land, signal, text, once: once === true });
    },
  };
}

type Request = { name: string; land: () => void; signal: AbortSignal; text: string; once?: boolean };

/** A deaf request answers in the end, so long after it was to stop. */
const DEAF = 45_000;
/** A question about the whole stack is given up then, as the real client gives up each read. */
const NO_ANSWER = 30_000;

function request(sim: Sim, process: SimProcess, { name, land, signal, text, once }: Request): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const { scheduler, world } = sim;
  const flight = world.ask(name, land);
  const fate = fateOf(sim, once === true);
  return new Promise((resolve, reject) => {
    const stop = () => {
      leave(sim, flight);
      reject(signal.reason);
    };
    const answer = (error?: Error) => {
      signal.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve();
    };
    if (fate !== 'deaf') signal.addEventListener('abort', stop, { once: true });
    if (fate !== 'well' && fate !== 'late') sim.tell(() => `${process.name}: fault: ${text} ${fate}`);
    scheduler.post(process, () => meet(sim, process, { flight, fate, answer }));
    inFlight(process).add(flight);
  });
}

type Met = { flight: Flight; fate: Fate; answer: (error?: Error) => void };

/** The engine gets to it. */
function meet(sim: Sim, process: SimProcess, { flight, fate, answer }: Met): void {
  const { world, scheduler, random } = sim;
  if (flight.state === 'lost') return;
  const isGone = scheduler.passed < world.awayUntil;
  if (isGone || fate === 'refused') {
    world.lose(flight);
    answer(isGone ? away() : someError(random));
  } else if (fate === 'hangs') {
    if (random.chance(0.5)) leave(sim, flight);
  } else if (fate === 'deaf') {
    answerLate(sim, process, { flight, answer });
  } else {
    world.land(flight);
    if (fate === 'twice')
      landLater(
        sim,
        world.ask(flight.name, () => landAgain(sim, process, flight)),
      );
    if (fate === 'late') scheduler.post(process, () => answer());
    else answer(fate === 'answer lost' ? someError(random) : undefined);
  }
}

/** A second copy of it, which nobody waits for. */
function landAgain({ invariants }: Sim, process: SimProcess, { name, land }: Flight): void {
  invariants.strayed(process, name);
  land();
}

/** It happens at the latest when it is answered. */
function answerLate(sim: Sim, process: SimProcess, { flight, answer }: Pick<Met, 'flight' | 'answer'>): void {
  if (sim.random.chance(0.5)) landLater(sim, flight);
  sim.scheduler.after(process, DEAF, () => {
    sim.world.land(flight);
    answer();
  });
}

/** Nobody waits for it any more: it still happens, some time later, or it never reached the engine. */
function leave(sim: Sim, flight: Flight): void {
  if (flight.state !== 'asked') return;
  if (sim.random.chance(0.5)) sim.world.lose(flight);
  else landLater(sim, flight);
}

function landLater({ scheduler, world }: Sim, flight: Flight): void {
  scheduler.post(undefined, () => world.land(flight));
}

const flights = new WeakMap<SimProcess, Set<Flight>>();

function inFlight(process: SimProcess): Set<Flight> {
  const known = flights.get(process) ?? new Set();
  flights.set(process, known);
  return known;
}

/** The process is gone; what it asked for may still happen. */
export function leaveAll(sim: Sim, process: SimProcess): void {
  for (const flight of inFlight(process)) leave(sim, flight);
}

function fateOf({ random, faults, calm }: Sim, once: boolean): Fate {
  if (calm) return 'well';
  const fate = random.weighted(faults.fates);
  return fate === 'twice' && once ? 'well' : fate;
}

/** A question about the whole stack: it sees all that was asked before, and fails only where the engine is away. */
export async function wholeStack(sim: Sim, process: SimProcess, signal: AbortSignal): Promise<Record<string, string>> {
  const { scheduler, world, faults, random, calm } = sim;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    scheduler.post(process, () => {
      if (signal.aborted) return reject(signal.reason);
      if (scheduler.passed < world.awayUntil) return reject(away());
      if (!calm && random.chance(faults.fates.refused / 100)) return reject(someFailure(random));
      if (!calm && random.chance(faults.fates.hangs / 100))
        return scheduler.after(process, NO_ANSWER, () => reject(someFailure(random)));
      world.arrive();
      resolve(world.values());
    });
  });
}

export function isAway(sim: Sim): string | undefined {
  return sim.scheduler.passed < sim.world.awayUntil ? new Refusal('unavailable', 'it is away').message : undefined;
}
