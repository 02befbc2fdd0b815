import type { Journal } from '../engine/ports.ts';
import type { Clock } from '../runner/contract.ts';
import { maskEvent } from './mask-event.ts';
import type { Store } from './store.ts';

export type JournalOptions = {
  run: string;
  /** Of the lease that the run holds; `NO_LEASE` while it waits for one. */
  fence: number;
  clock: Pick<Clock, 'now'>;
  /** Takes every known secret out of a text; this is the last gate before the disk. */
  mask: (text: string) => string;
};

/** The journal of one run: an event is on the disk before `append` resolves, or it rejects and the run stops where it is. */
export function storeJournal(store: Store, { run, fence, clock, mask }: JournalOptions): Journal {
  return {
    append: async (event) => store.append(run, maskEvent(event, mask), clock.now(), fence),
  };
}
