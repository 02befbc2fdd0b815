import type { Actor, ProcessRef } from '../../src/engine/events.ts';
import type { Program } from '../../src/engine/program.ts';
import type { Lease, Store } from '../../src/history/store.ts';
import type { Faults } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Owner, Scheduler } from './scheduler.ts';
import type { Random } from './seed.ts';
import type { World } from './world.ts';

export const STACK = { engine_id: 'E', project: 'shop' };
export const ACTOR: Actor = { user: 'ann', host: 'vm' };

/** A process that carries a run: it lives until it ends by itself or is killed. */
export type SimProcess = Owner & {
  ref: ProcessRef;
  run: string;
  how: 'run' | 'resume' | 'undo';
  state: 'alive' | 'ended' | 'killed';
  cancel: AbortController;
  abandon: AbortController;
  lease?: Lease;
  /** What the journal said to it at first when it took no event any more. */
  refused?: { by: unknown };
};

/** What outlives every process beside the store: the folders of the runs. */
export type Files = { receipts: Map<string, string>; before: Map<string, string> };

/** One simulation: everything that a seed decides about. */
export type Sim = {
  random: Random;
  scheduler: Scheduler;
  world: World;
  store: Store;
  files: Files;
  faults: Faults;
  invariants: Invariants;
  programs: Map<string, Program>;
  /** Names of all things that there may be. */
  things: readonly string[];
  processes: SimProcess[];
  /** Nothing more goes wrong from here on: what is unfinished must come to its end. */
  calm: boolean;
  /** One line of the story; only made where somebody reads it. */
  tell(line: () => string): void;
};
