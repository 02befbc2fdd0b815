import type { ProcessRef, RunEvent, RunStatus } from '../engine/events.ts';
import { Defect } from '../errors.ts';
import type { RunRow } from './store.ts';

/** The row after one more event; the same object where the event says nothing that a row keeps. */
export function rowAfter(row: RunRow | undefined, event: RunEvent): RunRow {
  if (!row) return firstRow(event);
  switch (event.type) {
    case 'run.created':
      throw new Defect(`run ${event.run} was created before`);
    case 'run.waiting':
      return { ...row, status: 'waiting', say: event.because };
    case 'run.started':
      return { ...without(row, 'say'), status: 'running', started_at: event.at };
    case 'run.continued':
      return {
        ...without(without(row, 'say'), 'ended_at'),
        status: 'running',
        process: event.process,
        started_at: row.started_at ?? event.at,
      };
    case 'run.parked':
      return { ...row, status: 'needs-decision', say: event.say };
    case 'release.recorded':
      return { ...row, release: event.release };
    case 'run.ended':
      return { ...row, status: event.status, say: event.say, ended_at: event.at };
    default:
      return row;
  }
}

/** What the run is for people: one whose process died is neither running for ever nor failed. */
export function effectiveStatus(
  row: Pick<RunRow, 'status' | 'process'>,
  isAlive: (process: ProcessRef) => boolean | 'unknown',
): RunStatus {
  const carried = row.status === 'running' || row.status === 'waiting';
  return carried && isAlive(row.process) === false ? 'interrupted' : row.status;
}

/** Statuses of a run that has not come to its end; if it has started, its stack is reserved for it. */
export const unfinishedStatuses: readonly RunStatus[] = ['waiting', 'running', 'interrupted', 'needs-decision'];

/** Whether nobody else may work on the stack until this run was resumed, undone or given up. */
export function reservesItsStack(row: Pick<RunRow, 'status' | 'started_at'>): boolean {
  return row.started_at !== undefined && unfinishedStatuses.includes(row.status);
}

function firstRow(event: RunEvent): RunRow {
  if (event.type !== 'run.created') throw new Defect(`the first event of run ${event.run} is ${event.type}`);
  const { run, playbook, project, engine_id, by, process, at } = event;
  return { run, playbook, project, engine_id, status: 'running', by, process, created_at: at };
}

function without<K extends 'say' | 'ended_at'>(row: RunRow, key: K): Omit<RunRow, K> {
  const { [key]: _, ...rest } = row;
  return rest;
}
