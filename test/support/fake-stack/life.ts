/**
 * One process: every event, every file and every change is a point. At each of them something has just become true outside
 * the process, and it may have been the last thing.
 */
export type Life = { point(what: string): void };

/** One of which nobody keeps what remains. */
export function createLife(): Life {
  return { point: () => undefined };
}
