import type { RunStatus } from '../engine/events.ts';
import type { RunRow } from '../history/store.ts';
import { formatDuration } from '../playbook/duration.ts';
import { sayAgo } from './amounts.ts';
import { clean } from './clean.ts';
import { clip, columnsOf } from './layout.ts';
import { stackName } from './stack-name.ts';
import type { Style } from './style.ts';
import { printTable } from './table.ts';

/** The runs of the history, newest first, one line each. */
export function printHistory(given: readonly RunRow[], style: Style, now: number): string {
  const rows = clean([...given]);
  if (rows.length === 0) return 'No runs yet.\n';
  const cells = rows.map((row) => [
    row.run,
    row.status,
    `${row.playbook} → ${stackName(row.project)}`,
    sayAgo(row.created_at, now),
    took(row, now),
    row.release ?? '',
  ]);
  const lines = printTable(['RUN', 'STATUS', 'WHAT', 'WHEN', 'TOOK', 'RELEASE'], cells);
  const [head = '', ...body] = lines;
  return [style.strong(clip(head, style.width)), ...body.flatMap((line, index) => rowLines(line, rows[index], style))]
    .map((line) => `${line}\n`)
    .join('');
}

/** One record of the history for programs; times are ISO 8601. */
export type HistoryRecord = {
  id: string;
  playbook: string;
  stack: string;
  status: RunStatus;
  say: string | null;
  by: RunRow['by'];
  started_at: string;
  ended_at: string | null;
  release: string | null;
};

export function historyJson(rows: readonly RunRow[]): HistoryRecord[] {
  return rows.map((row) => ({
    id: row.run,
    playbook: row.playbook,
    stack: row.project,
    status: row.status,
    say: row.say ?? null,
    by: row.by,
    started_at: new Date(row.created_at).toISOString(),
    ended_at: row.ended_at === undefined ? null : new Date(row.ended_at).toISOString(),
    release: row.release ?? null,
  }));
}

const well: ReadonlySet<RunStatus> = new Set(['succeeded', 'nothing-to-do']);

/** What went wrong has its sentence below it. */
function rowLines(line: string, row: RunRow | undefined, style: Style): string[] {
  const shown = clip(line, style.width);
  if (row === undefined || well.has(row.status) || row.say === undefined) return [shown];
  const indent = ' '.repeat(columnsOf(row.run) + 2);
  return [shown, style.quiet(clip(`${indent}${row.say}`, style.width))];
}

function took({ created_at, ended_at, status }: RunRow, now: number): string {
  if (ended_at !== undefined) return formatDuration(ended_at - created_at);
  return status === 'running' || status === 'waiting' ? `${formatDuration(now - created_at)} so far` : '';
}
