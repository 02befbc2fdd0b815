import { hostname } from 'node:os';
import { Refusal } from '../errors.ts';
import { isAlive } from '../history/process-ref.ts';
import type { RunRow } from '../history/store.ts';
import { jsonText } from '../report/gate.ts';
import { thisActor } from './actor.ts';
import type { Invocation } from './command.ts';
import { WAKE_SIGNAL } from './control.ts';
import { findRun } from './find-run.ts';
import { openHistory, readHistory } from './history-access.ts';

/** `playbook cancel RUN`: leaves the wish in the store, and wakes the run if it is on this host. */
export async function cancel(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const row = lookUp(invocation);
  requireRunning(row);
  const actor = thisActor(io.env);
  const history = openHistory(invocation);
  try {
    history.store.askCancel(row.run, `${actor.user}@${actor.host}`, Date.now());
  } finally {
    history.close();
  }
  wake(row);
  if (flags.json) io.out(`${jsonText({ run: row.run, cancel: 'asked' })}\n`);
  else if (!flags.quiet)
    io.out(
      `Run ${row.run} is asked to stop, and puts back what it changed: playbook show ${row.run} tells how far it is.\n`,
    );
  return 0;
}

/** Without making a history where there is none. */
function lookUp(invocation: Invocation): RunRow {
  const history = readHistory(invocation);
  try {
    return findRun(invocation.args[0], history);
  } finally {
    history.close();
  }
}

function requireRunning(row: RunRow): void {
  const { run, status, say } = row;
  if (row.ended_at !== undefined)
    throw new Refusal('usage', `Run ${run} has ended already: ${status}.`, { ...(say && { hint: say }) });
  if (status === 'interrupted' || status === 'needs-decision')
    throw new Refusal('locked', `Nobody is carrying out run ${run}, so there is nothing to stop.`, {
      hint: `\`playbook resume ${run}\` takes it up again, \`playbook undo ${run}\` puts back what it changed.`,
    });
}

/** Half a second sooner than it would look by itself; that it could not be woken costs nothing else. */
function wake({ process: carrier }: RunRow): void {
  if (carrier.host !== hostname() || isAlive(carrier) !== true) return;
  try {
    process.kill(carrier.pid, WAKE_SIGNAL);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'ESRCH'))) throw error;
  }
}
