import { releaseNumber } from './releases.ts';
import { unfinishedStatuses } from './run-row.ts';
import type { RunRow } from './store.ts';

/** Which runs may go: those that are not among the newest `keep` of their stack, and that ended longer ago than `older_than` ms. */
export type Retention = { keep: number; older_than: number };

/** What goes by when nothing is asked for. */
export const USUAL_RETENTION: Retention = { keep: 100, older_than: 90 * 24 * 3_600_000 };

/** Why a run stays. */
export type Stay = 'unfinished' | 'release' | 'latest' | 'newest' | 'young';

export type Retired = { goes: RunRow[]; stays: { row: RunRow; why: Stay }[] };

export type RetentionFacts = {
  /** Newest first, all of every stack that is in it. */
  rows: readonly RunRow[];
  /** Ids of the releases that are kept of a stack. */
  releases(row: Pick<RunRow, 'engine_id' | 'project'>): ReadonlySet<string>;
  now: number;
};

/** Decides which runs go. What a resume, an undo or a rollback may still need never does, whatever is asked for. */
export function retire({ rows, releases, now }: RetentionFacts, { keep, older_than }: Retention): Retired {
  const retired: Retired = { goes: [], stays: [] };
  for (const stack of stacksOf(rows)) {
    const needed = neededOf(stack, releases);
    for (const [rank, row] of stack.entries()) {
      const why = needed(row) ?? (rank < keep ? 'newest' : endOf(row) > now - older_than ? 'young' : undefined);
      if (why === undefined) retired.goes.push(row);
      else retired.stays.push({ row, why });
    }
  }
  return retired;
}

function stacksOf(rows: readonly RunRow[]): RunRow[][] {
  return [...Map.groupBy(rows, ({ engine_id, project }) => JSON.stringify([engine_id, project])).values()];
}

function neededOf(stack: readonly RunRow[], releases: RetentionFacts['releases']): (row: RunRow) => Stay | undefined {
  const [newest] = stack;
  const kept = newest === undefined ? new Set<string>() : releases(newest);
  // Undo goes by it: it takes back the latest run, and refuses an older one because of it.
  const latest = stack.find(({ started_at }) => started_at !== undefined);
  // Numbers of releases are not given twice, and the run that has the highest one is where that is known from.
  const highest = Math.max(...stack.map(({ release }) => releaseNumber(release)));
  return (row) => {
    if (unfinishedStatuses.includes(row.status)) return 'unfinished';
    if (row.release !== undefined && (kept.has(row.release) || releaseNumber(row.release) === highest))
      return 'release';
    return row === latest ? 'latest' : undefined;
  };
}

const endOf = ({ ended_at, created_at }: RunRow): number => ended_at ?? created_at;
