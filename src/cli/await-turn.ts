import { acquireLease, thisProcess } from '../history/lock.ts';
import { newRunId } from '../history/run-id.ts';
import { systemClock } from './clock.ts';
import type { Invocation } from './command.ts';
import type { OpenHistory } from './history-access.ts';
import { untilFree } from './holding.ts';
import { lookAhead } from './look-ahead.ts';
import { type Found, lookOf, resolvePlaybook } from './prepare.ts';
import { engineLockReader, stackReads } from './wire.ts';

/**
 * Waits, where the playbook says so, until nobody holds the stack; then everything is read anew. A plan that was made
 * before the wait would be about a stack that the other run has changed since.
 */
export async function awaitTurn(found: Found, invocation: Invocation, history: OpenHistory): Promise<Found> {
  const { wait } = found.resolved.playbook.lock;
  if (wait === 0) return found;
  let waited = false;
  const waiting = (say: string) => {
    waited = true;
    invocation.io.err(`${say} Waiting for it.\n`);
  };
  try {
    const until = systemClock.now() + wait;
    const look = await lookOf(found, invocation, history.memory);
    const { project, engine_id } = await stackReads.header(look);
    const run = newRunId((id) => history.store.findRun(id) !== undefined);
    const wanted = { project, engine_id, run, process: thisProcess(), waiting };
    const { signal } = new AbortController();
    const lease = await acquireLease(history.store, wanted, wait, systemClock, signal);
    history.store.release(lease);
    const asked = { store: history.store, waiting, clock: systemClock, signal, until };
    if (project !== '') await untilFree(await engineLockReader(look), project, asked);
    if (!waited) return found;
    found.resources.close();
    return await resolvePlaybook(invocation, await lookAhead(invocation));
  } catch (error) {
    found.resources.close();
    throw error;
  }
}
