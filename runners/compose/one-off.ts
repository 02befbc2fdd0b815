import { StepFailure } from '../../src/errors.ts';
import type { Context, Look } from '../../src/runner/contract.ts';
import { dockerChanger, dockerReader } from '../clients/docker.ts';

/** That a command was started, in which container, and how it ended; values of its environment stay out. */
export type RunReceipt = { service: string; container: string; exit_code?: number };

/** A command that is under way gets so long to end before nobody waits for it any more, in milliseconds. */
const LONGEST = 90_000;

/**
 * Whether a command that was cut has happened: its container tells, for it is only removed once its end is on record. A
 * container that is gone proves nothing, so that a person decides; so it does where the command failed.
 */
export async function probeOneOff(receipt: RunReceipt, look: Look): Promise<'done' | 'not-done'> {
  if (receipt.exit_code !== undefined) return byExit(receipt, receipt.exit_code);
  const docker = await dockerReader(look);
  const over = look.clock.now() + LONGEST;
  for (;;) {
    const found = await docker.container(receipt.container);
    if (!found) throw unknown(receipt, 'is not there: it was not begun, or somebody removed it');
    if (found.State.Status === 'created') return 'not-done';
    if (!found.State.Running) return byExit(receipt, found.State.ExitCode);
    if (look.clock.now() >= over) throw unknown(receipt, 'is still running');
    await look.clock.sleep(500, look.signal);
  }
}

/** Ends and removes the container of a command, with its anonymous volumes, if it is there. */
export async function removeOneOff(container: string, context: Context): Promise<void> {
  const docker = await dockerChanger(context);
  const left = await docker.container(container);
  if (!left) return;
  if (left.State.Running) await docker.stop(left.Id, 5);
  await docker.remove(left.Id, { anonymousVolumes: true });
  // The engine answers before it is gone: until then the next attempt cannot have the name.
  while (await docker.container(left.Id)) await context.clock.sleep(100, context.signal);
}

function byExit(receipt: RunReceipt, code: number): 'done' {
  if (code === 0) return 'done';
  throw unknown(receipt, `ended with exit code ${code}: what it did until then is not known`);
}

function unknown({ service, container }: RunReceipt, what: string): StepFailure {
  return new StepFailure(`container ${container} of the command in ${service} ${what}`, { class: 'not-found' });
}
