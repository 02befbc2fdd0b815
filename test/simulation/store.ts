import type { RunEvent, RunEventBody } from '../../src/engine/events.ts';
import { Defect, Refusal } from '../../src/errors.ts';
import { rowAfter, unfinishedStatuses } from '../../src/history/run-row.ts';
import { type Lease, NO_LEASE, type RunRow, type Store } from '../../src/history/store.ts';
import type { Release } from '../../src/runner/contract.ts';

/** What is on the disk of the history; events as text, so that nobody can change them afterwards. */
type Disk = {
  rows: Map<string, RunRow>;
  events: Map<string, string[]>;
  leases: Map<string, { fence: number; lease?: Lease }>;
  cancels: Map<string, { by: string; at: number }>;
  releases: Release[];
  measured: { stack: string; what: string; ms: number }[];
};

/** A history in memory that keeps the contract of `store-contract.ts`. `fenced: false` is a bug for a test to find. */
export function memoryStore({ fenced = true } = {}): Store {
  const disk: Disk = {
    rows: new Map(),
    events: new Map(),
    leases: new Map(),
    cancels: new Map(),
    releases: [],
    measured: [],
  };
  return {
    append: (run, event, at, fence) => append(disk, { run, event, at, fence, fenced }),
    events: (run) => (disk.events.get(run) ?? []).map((text) => JSON.parse(text) as RunEvent),
    runs: (filter) => listed(disk, filter),
    findRun: (idOrPrefix) => find(disk, idOrPrefix),
    ...leases(disk),
    askCancel: (run, by, at) => {
      disk.cancels.set(run, { by, at });
    },
    cancelAsked: (run) => disk.cancels.get(run),
    ...releases(disk),
    retire: (runs) => retire(disk, runs),
    compact: () => undefined,
    measured: (engine_id, project, what, limit) =>
      disk.measured
        .filter((each) => each.stack === key(engine_id, project) && each.what === what)
        .map(({ ms }) => ms)
        .toReversed()
        .slice(0, limit),
    close: () => undefined,
  };
}

function key(engine_id: string, project: string): string {
  return `${engine_id} ${project}`;
}

type Append = { run: string; event: RunEventBody; at: number; fence: number; fenced: boolean };

function append(disk: Disk, { run, event: body, at, fence, fenced }: Append): RunEvent {
  const row = disk.rows.get(run);
  if (!row && body.type !== 'run.created') throw new Defect(`the first event of run ${run} is ${body.type}`);
  const { engine_id, project } = row ?? (body as RunEventBody & { type: 'run.created' });
  if (fenced) refuseStranger(disk, { run, event: body, fence, stack: key(engine_id, project), project });
  const known = disk.events.get(run) ?? [];
  const event: RunEvent = { run, seq: known.length + 1, at, ...body };
  disk.rows.set(run, rowAfter(row, event));
  disk.events.set(run, known);
  known.push(JSON.stringify(event));
  if (body.type === 'step.measured')
    disk.measured.push({ stack: key(engine_id, project), what: body.what, ms: body.ms });
  return event;
}

/** What touches the stack, or is about to: never without its lease. */
const needsLease: ReadonlySet<RunEventBody['type']> = new Set<RunEventBody['type']>([
  'run.started',
  'run.continued',
  'receipt.recorded',
]);

type Stranger = { run: string; event: RunEventBody; fence: number; stack: string; project: string };

function refuseStranger(disk: Disk, { run, event, fence, stack, project }: Stranger): void {
  const started = disk.rows.get(run)?.started_at !== undefined;
  if (fence === NO_LEASE && !started && !needsLease.has(event.type)) return;
  const lease = disk.leases.get(stack)?.lease;
  if (lease?.run === run && lease.fence === fence) return;
  const now = !lease
    ? 'nobody holds it'
    : lease.run === run
      ? 'another process carries it on'
      : `run ${lease.run} holds it`;
  throw new Refusal('locked', `Run ${run} no longer holds ${project}: ${now}. It stops here and writes nothing more.`);
}

function listed(disk: Disk, { project, engine_id, statuses, limit }: Parameters<Store['runs']>[0] = {}): RunRow[] {
  const rows = [...disk.rows.values()].toReversed();
  const fits = rows.filter(
    (row) =>
      (project === undefined || row.project === project) &&
      (engine_id === undefined || row.engine_id === engine_id) &&
      (statuses === undefined || statuses.includes(row.status)),
  );
  return fits.slice(0, limit);
}

function find(disk: Disk, idOrPrefix: string): RunRow | undefined {
  const prefix = idOrPrefix.toLowerCase();
  const exact = disk.rows.get(prefix);
  if (exact || prefix === '') return exact;
  const rows = [...disk.rows.values()].toReversed().filter(({ run }) => run.startsWith(prefix));
  if (rows.length <= 1) return rows[0];
  const ids = rows.slice(0, 5).map(({ run }) => run);
  throw new Refusal('usage', `${idOrPrefix} is the beginning of ${rows.length} runs: ${ids.join(', ')}.`);
}

function leases(disk: Disk): Pick<Store, 'lease' | 'acquire' | 'release'> {
  return {
    lease: (engine_id, project) => disk.leases.get(key(engine_id, project))?.lease,
    acquire(wanted, mayTakeOver) {
      const stack = key(wanted.engine_id, wanted.project);
      const { lease: held, fence = 0 } = disk.leases.get(stack) ?? {};
      if (held && !mayTakeOver(held)) return { held };
      const { engine_id, project, run, holder, since } = wanted;
      const got = { engine_id, project, run, holder, since, fence: fence + 1 };
      disk.leases.set(stack, { fence: got.fence, lease: got });
      return { got };
    },
    release({ engine_id, project, run, fence }) {
      const found = disk.leases.get(key(engine_id, project));
      if (found?.lease?.fence === fence && found.lease.run === run) delete found.lease;
    },
  };
}

function retire(disk: Disk, runs: readonly string[]): void {
  const open = runs.find((run) => unfinishedStatuses.includes(disk.rows.get(run)?.status ?? 'succeeded'));
  if (open !== undefined) throw new Refusal('unavailable', `Run ${open} has not ended: its record stays.`);
  for (const run of runs) for (const table of [disk.rows, disk.events, disk.cancels]) table.delete(run);
}

function releases(disk: Disk): Pick<Store, 'releases' | 'saveRelease' | 'removeRelease'> {
  const same = (a: Release, engine_id: string, project: string, id: string) =>
    a.engine_id === engine_id && a.project === project && a.id === id;
  return {
    releases: (engine_id, project) =>
      disk.releases.filter((each) => each.engine_id === engine_id && each.project === project).toReversed(),
    saveRelease(release) {
      const at = disk.releases.findIndex((each) => same(each, release.engine_id, release.project, release.id));
      if (at >= 0) disk.releases[at] = release;
      else disk.releases.push(release);
    },
    removeRelease(engine_id, project, id) {
      disk.releases = disk.releases.filter((each) => !same(each, engine_id, project, id));
    },
  };
}
