import { existsSync } from 'node:fs';
import { Refusal } from '../../errors.ts';
import { acquireLease, thisProcess, type WantedLease } from '../../history/lock.ts';
import { systemClock } from '../clock.ts';
import type { Invocation } from '../command.ts';
import type { OpenHistory } from '../history-access.ts';
import { lookAhead } from '../look-ahead.ts';
import type { PlaybookSource } from '../lookup.ts';
import { lookOf, resolvePlaybook } from '../prepare.ts';
import { stackReads } from '../wire.ts';

export type Wanted = {
  invocation: Invocation;
  history: OpenHistory;
  source: PlaybookSource;
  run: string;
  wait: number;
};

/**
 * Does the work when no other push works in the folder and no run on its stack; waits as long as the playbook says, else
 * refuses. The folder is held all the time: its files must not change under a run.
 */
export async function inTurn(wanted: Wanted, work: () => Promise<number>): Promise<number> {
  const { invocation, history, wait } = wanted;
  const until = systemClock.now() + wait;
  const lease = await take(wanted, { engine_id: 'folder', project: invocation.io.cwd }, wait);
  try {
    await stackIsFree(wanted, until);
    return await work();
  } finally {
    history.store.release(lease);
  }
}

/** As far as the folder can tell by now which stack it is; the run itself takes the stack before it begins. */
async function stackIsFree(wanted: Wanted, until: number): Promise<void> {
  const { invocation, history, source } = wanted;
  if (!existsSync(invocation.io.cwd)) return;
  const quiet = { ...invocation, flags: { ...invocation.flags, quiet: true } };
  const stack = await (async () => {
    const found = await resolvePlaybook(quiet, await lookAhead(quiet), source);
    const header = lookOf(found, quiet, history.memory).then((look) => stackReads.header(look));
    return header.finally(() => found.resources.close());
  })().catch((error: unknown) => {
    // The files of now may be what the pushed commit mends.
    if (error instanceof Refusal && error.reason === 'unavailable') throw error;
    return undefined;
  });
  if (stack === undefined) return;
  const { engine_id, project } = stack;
  history.store.release(await take(wanted, { engine_id, project }, Math.max(0, until - systemClock.now())));
}

function take(
  { invocation, history, run }: Wanted,
  place: Pick<WantedLease, 'engine_id' | 'project'>,
  wait: number,
): ReturnType<typeof acquireLease> {
  const waiting = (say: string) => invocation.io.err(`${say} Waiting for it.\n`);
  const lease = { ...place, run, process: thisProcess(), waiting };
  return acquireLease(history.store, lease, wait, systemClock, new AbortController().signal);
}
