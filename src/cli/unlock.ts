import { Refusal } from '../errors.ts';
import { when } from '../history/held.ts';
import { isAlive } from '../history/process-ref.ts';
import { reservesItsStack, unfinishedStatuses } from '../history/run-row.ts';
import type { Lease, RunRow, Store } from '../history/store.ts';
import { jsonText } from '../report/gate.ts';
import type { Look } from '../runner/contract.ts';
import type { EngineLock, LockOwner } from '../runner/engine-lock.ts';
import { consent, requireConsent } from './ask.ts';
import type { Invocation } from './command.ts';
import { giveUp } from './give-up.ts';
import { openHistory, readHistory } from './history-access.ts';
import { heldElsewhere, lifeOf } from './lock-owner.ts';
import type { StackId } from './look.ts';
import { stackIdOf } from './stack-id.ts';
import { withStackLook } from './stack-look.ts';
import { engineLock } from './wire.ts';

/** What keeps a stack from everybody else. */
type Holds = { owner?: LockOwner; life: boolean | 'unknown'; lease?: Lease; runs: RunRow[] };

/** `playbook unlock`: the last resort, by consent, for a stack whose holder cannot free it any more. Changes nothing of the stack. */
export async function unlock(invocation: Invocation): Promise<number> {
  requireConsent(invocation);
  const { memory, close } = readHistory(invocation);
  try {
    return await withStackLook(invocation, memory, async (look) => free(invocation, look));
  } finally {
    close();
  }
}

async function free(invocation: Invocation, look: Look): Promise<number> {
  const [stack, lock] = [await stackIdOf(look), await engineLock(look)];
  const holds = await whatHolds(stack, lock, invocation);
  if (holds.owner === undefined && holds.lease === undefined && holds.runs.length === 0)
    return tell(invocation, stack, holds, `Nobody holds ${stack.project}.`);
  invocation.io.err(
    sentences(holds, look.clock.now())
      .map((say) => `${say}\n`)
      .join(''),
  );
  await consent(`Free ${stack.project}? What was changed on it stays as it is.`, invocation);
  await freeOnHost(invocation, holds);
  if (holds.owner !== undefined && !(await lock.free(holds.owner)))
    throw new Refusal('locked', `${stack.project} has changed hands meanwhile, so its lock was left alone.`, {
      hint: '`playbook status` says who holds it now.',
    });
  return tell(invocation, stack, holds, `${stack.project} is free.`);
}

/** Whoever is known to be at work is stopped by other means; nothing is taken from under a living run. */
async function whatHolds(stack: StackId, lock: EngineLock, invocation: Invocation): Promise<Holds> {
  const { store, close } = readHistory(invocation);
  try {
    const owner = await lock.ownerOf(stack.project);
    const life = owner === undefined ? false : lifeOf(owner, store);
    if (owner !== undefined && life === true) throw heldElsewhere(owner, true, Date.now());
    const lease = store?.lease(stack.engine_id, stack.project);
    if (lease !== undefined && isAlive(lease.holder) === true) throw atWork(lease);
    const runs = store?.runs({ ...stack, statuses: unfinishedStatuses }).filter(reservesItsStack) ?? [];
    return { runs, life, ...(owner && { owner }), ...(lease && { lease }) };
  } finally {
    close();
  }
}

function atWork({ run, holder }: Lease): Refusal {
  return new Refusal(
    'locked',
    `Run ${run} is at work: process ${holder.pid} on this host. It is not taken from under it.`,
    {
      hint: `\`playbook cancel ${run}\` stops it and puts back what it changed.`,
    },
  );
}

function sentences({ owner, life, lease, runs }: Holds, now: number): string[] {
  const unfinished = runs.map(
    ({ run, playbook, by, started_at = 0 }) =>
      `Run ${run} (${playbook}, started by ${by.user} on ${by.host} ${when(started_at, now)}) is not finished. \`playbook resume ${run}\` and \`playbook undo ${run}\` bring it to an end; freeing gives it up.`,
  );
  const elsewhere =
    owner === undefined || runs.some(({ run }) => run === owner.run) ? [] : [elsewhereOf(owner, life, now)];
  if (unfinished.length + elsewhere.length > 0 || lease === undefined) return [...unfinished, ...elsewhere];
  return [`Run ${lease.run} took it ${when(lease.since, now)}: process ${lease.holder.pid} on ${lease.holder.host}.`];
}

function elsewhereOf(owner: LockOwner, life: boolean | 'unknown', now: number): string {
  return `${heldElsewhere(owner, life, now).message} Should it be at work still, it takes its lock back where nobody else has it, and stops where somebody has.`;
}

async function freeOnHost(invocation: Invocation, { lease, runs }: Holds): Promise<void> {
  if (lease === undefined && runs.length === 0) return;
  const history = openHistory(invocation);
  try {
    for (const row of runs) await giveUp(row, history, invocation.io.env);
    dropLease(lease, history.store);
  } finally {
    history.close();
  }
}

function dropLease(lease: Lease | undefined, store: Store): void {
  if (lease !== undefined) store.release(lease);
}

function tell({ flags, io }: Invocation, { project }: StackId, { owner, runs }: Holds, say: string): number {
  const given_up = runs.map(({ run }) => run);
  if (flags.json) io.out(`${jsonText({ project, say, freed_from: owner ?? null, given_up }, 2)}\n`);
  else if (!flags.quiet) io.out([say, ...given_up.map(sayGivenUp)].map((line) => `${line}\n`).join(''));
  return 0;
}

function sayGivenUp(run: string): string {
  return `Run ${run} is given up: what it changed stays. Until another run works on it, \`playbook undo ${run}\` can still put that back.`;
}
