import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../errors.ts';
import { historyFaults } from '../history/integrity.ts';
import { strangerIn } from '../history/own-folder.ts';
import { ROOM, roomIn } from '../history/room.ts';
import { unfinishedStatuses } from '../history/run-row.ts';
import type { Store } from '../history/store.ts';
import { formatSize } from '../playbook/size.ts';
import { count } from '../report/amounts.ts';
import type { Invocation } from './command.ts';
import type { Finding } from './doctor-engine.ts';
import { withLife } from './find-run.ts';
import { type History, readHistory } from './history-access.ts';

/** The state folder, the history in it, and runs that nobody carries on with. */
export function lookAtHistory(invocation: Invocation): Finding[] {
  try {
    const history = readHistory(invocation);
    try {
      return [folder(history.dir), ...records(history), ...unfinished(history.store)];
    } finally {
      history.close();
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ level: 'missing', name: 'history', say: error.message, ...(error.hint && { fix: error.hint }) }];
  }
}

function folder(dir: string): Finding {
  const fix = 'Name another folder with --state-dir, or run as the user who owns it.';
  if (!isWritable(nearest(dir))) return { level: 'missing', name: 'state', say: `${dir} cannot be written to`, fix };
  const stranger = strangerIn(dir, process.getuid?.());
  if (stranger !== undefined) return { level: 'missing', name: 'state', say: stranger.replace(/\.$/, ''), fix };
  const free = roomIn(nearest(dir)) ?? ROOM;
  if (free < ROOM) {
    const say = `${dir} has ${formatSize(free)} left, and a run needs ${formatSize(ROOM)}`;
    return { level: 'missing', name: 'state', say, fix: '`playbook history prune` takes out old runs.' };
  }
  return { level: 'ok', name: 'state', say: existsSync(dir) ? dir : `${dir} (made by the first run)` };
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // The answer to the question asked.
    return false;
  }
}

/** What SQLite finds, then what only we know: every row of the list, and the events of the newest runs. */
function records({ dir, store }: History): Finding[] {
  const [fault] = historyFaults(dir);
  const fix = 'Put history.db back from a backup; the folders beside it are whole. docs/history.md says how.';
  if (fault !== undefined) return [{ level: 'missing', name: 'history', say: `damaged: ${fault}`, fix }];
  const rows = store?.runs() ?? [];
  for (const { run } of rows.slice(0, RUNS_LOOKED_THROUGH)) store?.events(run);
  return [{ level: 'ok', name: 'history', say: `nothing is damaged; ${count(rows.length, 'run')}` }];
}

const RUNS_LOOKED_THROUGH = 1000;

function unfinished(store: Store | undefined): Finding[] {
  const rows = store?.runs({ statuses: unfinishedStatuses }).map(withLife) ?? [];
  return rows
    .filter(({ status }) => status === 'interrupted' || status === 'needs-decision')
    .map(({ run, project, playbook, status }) => ({
      level: 'warn',
      name: 'unfinished',
      say: `run ${run} (${playbook}) on ${project}: ${status}; what it started runs unwatched`,
      fix: `\`playbook resume ${run}\` takes it up again, \`playbook undo ${run}\` puts back what it changed.`,
    }));
}
