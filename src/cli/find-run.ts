import type { RunState } from '../engine/run-state.ts';
import { foldEvents } from '../engine/state.ts';
import { Defect, Refusal } from '../errors.ts';
import { isAlive } from '../history/process-ref.ts';
import { effectiveStatus } from '../history/run-row.ts';
import type { RunRow, Store } from '../history/store.ts';
import { nearest } from '../playbook/nearest.ts';
import type { Invocation } from './command.ts';
import { type History, readHistory } from './history-access.ts';

/** Finds a run by its id or the start of it; left out: the newest one. */
export function findRun(id: string | undefined, { store, dir }: Pick<History, 'store' | 'dir'>): RunRow {
  const row = id === undefined ? store?.runs({ limit: 1 })[0] : store?.findRun(id);
  if (row !== undefined) return withLife(row);
  if (id === undefined) throw new Refusal('usage', `There is no run yet in ${dir}.`, { hint: ELSEWHERE });
  throw new Refusal('usage', `There is no run ${id} in ${dir}.`, { hint: guess(id, store) });
}

export type FoundRun = { row: RunRow; state: RunState; store: Store };

/** Finds a run with what its events add up to, and gives it to `use`; makes no history where there is none. */
export function withRun<T>(invocation: Invocation, use: (found: FoundRun) => T): T {
  const history = readHistory(invocation);
  try {
    const row = findRun(invocation.args[0], history);
    const { store } = history;
    if (!store) throw new Defect(`run ${row.run} was found without a history`);
    return use({ row, state: foldEvents(store.events(row.run)), store });
  } finally {
    history.close();
  }
}

/** The row with the status that people see: a run whose process died is neither running for ever nor failed. */
export function withLife(row: RunRow): RunRow {
  return { ...row, status: effectiveStatus(row, isAlive) };
}

const ELSEWHERE = 'Another user may have a history of their own: --state-dir names its folder.';

function guess(id: string, store: Store | undefined): string {
  const near = nearest(id, store?.runs({ limit: 100 }).map((row) => row.run) ?? []);
  return near ? `Did you mean ${near}? playbook history lists all.` : `playbook history lists all. ${ELSEWHERE}`;
}
