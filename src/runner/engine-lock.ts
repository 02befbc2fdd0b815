/** Who holds a stack on its engine, as the lock there says it to every machine and user. */
export type LockOwner = {
  /** Of this one taking, and of no other. */
  token: string;
  project: string;
  run: string;
  playbook: string;
  user: string;
  process: { pid: number; host: string; started: string; boot: string };
  /** The folder with its history, on its host. */
  state_dir: string;
  since: number;
};

/** What a lock consists of on the engine, from its root on: a takeover hangs itself on the dead owner before it. */
export type LockLink = { name: string; token: string };

/** A lock that was taken; `chain` ends with the owner's own link. */
export type LockHold = { owner: LockOwner; chain: readonly LockLink[] };

/** Reads of the locks on one engine. */
export interface LockReader {
  /** Who stands in the lock of this project, alive or dead. */
  ownerOf(project: string): Promise<LockOwner | undefined>;
  /** Of every project. */
  owners(): Promise<LockOwner[]>;
}

/** The lock on the engine itself, for what no store of one host can see: other machines, and other users with a history of their own. */
export interface EngineLock extends LockReader {
  /** Of all who take it at once one gets it; an owner is passed over only where `isDead` says so. */
  take(owner: LockOwner, isDead: (owner: LockOwner) => boolean): Promise<{ got: LockHold } | { held: LockOwner }>;
  /** Whether it still stands. One that somebody removed is put back, unless another owner was faster: then it is lost. */
  keep(hold: LockHold): Promise<{ kept: LockHold } | { lost: LockOwner | undefined }>;
  /** Never removes the lock of somebody else. */
  release(hold: LockHold): Promise<void>;
  /** Removes the lock of this owner by force. False: somebody else stands in it, or nobody. */
  free(owner: LockOwner): Promise<boolean>;
}
