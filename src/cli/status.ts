import { storeReleases } from '../history/releases.ts';
import { reservesItsStack, unfinishedStatuses } from '../history/run-row.ts';
import type { RunRow } from '../history/store.ts';
import { jsonText } from '../report/gate.ts';
import { printStatus, type StackStatus } from '../report/status.ts';
import type { Release } from '../runner/contract.ts';
import type { LockOwner } from '../runner/engine-lock.ts';
import { lastInPlace } from '../runner/releases.ts';
import type { Invocation } from './command.ts';
import { driftSinceLast, releaseThatRuns, type ServiceNow, serviceStatus } from './drift.ts';
import { withLife } from './find-run.ts';
import { type History, readHistory } from './history-access.ts';
import { heldElsewhere, lifeOf } from './lock-owner.ts';
import type { StackId } from './look.ts';
import { withStackLook } from './stack-look.ts';
import { engineLockReader, keptReleases, stackReads } from './wire.ts';

/** `playbook status`: what runs, which release it is, what was changed by hand since, and a run in progress. */
export async function status(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const history = readHistory(invocation);
  try {
    const found = await readStatus(invocation, history);
    io.out(flags.json ? `${jsonText(found, 2)}\n` : printStatus(found, io.style, Date.now()));
    return 0;
  } finally {
    history.close();
  }
}

async function readStatus(invocation: Invocation, history: History): Promise<StackStatus> {
  return withStackLook(invocation, history.memory, async (look) => {
    const stack = await stackReads.header(look);
    const services = await stackReads.services(look);
    const releases = history.store ? await storeReleases(history.store, history.dir, stack).list() : [];
    const run = runUnderWay(stack, history);
    return {
      stack,
      services: services.map(serviceStatus),
      ...sinceRelease(releases, services),
      ...(run && { run }),
      remarks: [
        ...unwatched(run),
        ...heldByOthers(await (await engineLockReader(look)).ownerOf(stack.project), run, history.store),
        ...runsAnother(releases, services),
        ...foreign(await keptReleases(look, stack.project), releases, history.dir),
      ],
    };
  });
}

function sinceRelease(
  releases: readonly Release[],
  services: readonly ServiceNow[],
): Pick<StackStatus, 'release' | 'drift'> {
  const last = driftSinceLast(releases, services);
  if (last === undefined) return { drift: [] };
  const { id, created_at, restored } = last.release;
  return { release: { id, created_at, ...(restored && { restored_at: restored.at }) }, drift: last.differences };
}

function runsAnother(releases: readonly Release[], services: readonly ServiceNow[]): string[] {
  const last = lastInPlace(releases);
  const same = releaseThatRuns(releases, services);
  return same === undefined || same === last ? [] : [`what runs is exactly release ${same.id}`];
}

function runUnderWay({ project, engine_id }: StackId, { store }: History): RunRow | undefined {
  const rows = store?.runs({ project, engine_id, statuses: unfinishedStatuses }).map(withLife) ?? [];
  return rows.find((row) => row.status !== 'interrupted' || reservesItsStack(row));
}

function unwatched(run: RunRow | undefined): string[] {
  if (run?.status !== 'interrupted') return [];
  return ['what the interrupted run had started so far runs unwatched: nothing takes it back by itself'];
}

/** A run of another machine, or of another user with a history of their own. */
function heldByOthers(owner: LockOwner | undefined, run: RunRow | undefined, store: History['store']): string[] {
  if (owner === undefined || owner.run === run?.run) return [];
  const { message, hint } = heldElsewhere(owner, lifeOf(owner, store), Date.now());
  return [message, ...(hint === undefined ? [] : [hint])];
}

/** Keep tags tell of releases that another history made: of another user, or of one that was lost. */
function foreign(kept: readonly string[], releases: readonly Release[], dir: string): string[] {
  const known = new Set(releases.map(({ id }) => id));
  const unknown = kept.filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  return [
    `images are kept for ${unknown.join(', ')}, which the history in ${dir} lacks: --state-dir names another one`,
  ];
}
