import type { Actor, ProcessRef, RunEvent, RunEventBody, RunStatus } from '../engine/events.ts';
import type { Release } from '../runner/contract.ts';

/** One line of the history, kept beside the events so that a list need not fold them all. */
export type RunRow = {
  run: string;
  playbook: string;
  project: string;
  engine_id: string;
  status: RunStatus;
  by: Actor;
  /** The process that carries it, or carried it last. */
  process: ProcessRef;
  created_at: number;
  /** Left out while nothing but reading and judging was done: such a run reserves nothing. */
  started_at?: number;
  ended_at?: number;
  release?: string;
  say?: string;
};

/** Who holds a stack. `fence` rises with each holder: a writer with an old one is refused. */
export type Lease = {
  engine_id: string;
  project: string;
  run: string;
  fence: number;
  holder: ProcessRef;
  since: number;
};

/**
 * The fence of a run that holds no lease: one that waits for its stack, or was refused it. It may say so, and how it
 * ended; it may not start, go on or record a change.
 */
export const NO_LEASE = 0;

/**
 * The seam behind which the history lives. Everything that resolves is on disk; everything that rejects has changed nothing.
 * Errors: a Refusal('unavailable') with a sentence for a full disk, a read-only or missing folder, a corrupt file.
 */
export interface Store {
  /** Events of one run get their numbers here; refused with 'locked' when the run does not hold its stack with `fence`. */
  append(run: string, event: RunEventBody, at: number, fence: number): RunEvent;
  events(run: string): RunEvent[];
  /** Newest first. */
  runs(filter?: { project?: string; engine_id?: string; statuses?: readonly RunStatus[]; limit?: number }): RunRow[];
  /** By its id or any prefix of it; refused with 'usage' when the prefix fits several. */
  findRun(idOrPrefix: string): RunRow | undefined;
  lease(engine_id: string, project: string): Lease | undefined;
  /** Takes the lease if nobody holds it or `mayTakeOver` says so of the one who does; else gives back the holder's. */
  acquire(wanted: Omit<Lease, 'fence'>, mayTakeOver: (held: Lease) => boolean): { got: Lease } | { held: Lease };
  /** The fence goes on rising from where it was. Does nothing when the lease has gone to somebody else meanwhile. */
  release(lease: Lease): void;
  /** The last wish counts. */
  askCancel(run: string, by: string, at: number): void;
  cancelAsked(run: string): { by: string; at: number } | undefined;
  releases(engine_id: string, project: string): Release[];
  saveRelease(release: Release): void;
  removeRelease(engine_id: string, project: string, id: string): void;
  /** Takes these runs out of the record with their events, all or none; refused with 'unavailable' where one has not ended. */
  retire(runs: readonly string[]): void;
  /** Gives the room of what was taken out back to the disk, a little at a time: a run that writes meanwhile is not held up. */
  compact(): void;
  /** Durations of this stack under a name, newest first. */
  measured(engine_id: string, project: string, what: string, limit: number): number[];
  close(): void;
}
