import { Refusal } from '../../errors.ts';
import type { RunRow, Store } from '../store.ts';
import { damaged } from '../trouble.ts';
import type { Connection } from './connection.ts';
import { sealed, unsealed } from './sealed.ts';

export type RunTable = Pick<Store, 'runs' | 'findRun'> & {
  exact(run: string): RunRow | undefined;
  save(row: RunRow): void;
};

/** The list of runs. A row is only ever saved in the transaction of the event that changed it. */
export function runTable({ db, file, read }: Connection): RunTable {
  const exact = db.prepare('SELECT run, engine_id, project, status, json FROM runs WHERE run = ?');
  const beginning = db.prepare(
    'SELECT run, engine_id, project, status, json FROM runs WHERE run >= :prefix AND run < :end ORDER BY n DESC',
  );
  const list = db.prepare(
    `SELECT run, engine_id, project, status, json FROM runs
     WHERE (:engine_id IS NULL OR engine_id = :engine_id) AND (:project IS NULL OR project = :project)
       AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
     ORDER BY n DESC LIMIT :limit`,
  );
  const save = db.prepare(
    `INSERT INTO runs (run, engine_id, project, status, json) VALUES (:run, :engine_id, :project, :status, :json)
     ON CONFLICT (run) DO UPDATE SET status = :status, json = :json`,
  );

  const rowOf = (found: Record<string, unknown>): RunRow => {
    const what = `the row of run ${String(found['run'])}`;
    const row = unsealed(found['json'], what, file) as RunRow;
    const columns = ['run', 'engine_id', 'project', 'status'] as const;
    if (columns.every((name) => row[name] === found[name])) return row;
    throw damaged(`The history is damaged: ${what} does not fit the list it stands in.`, file);
  };
  const only = (found: Record<string, unknown> | undefined) => found && rowOf(found);

  return {
    exact: (run) => only(exact.get(run)),
    runs: ({ engine_id, project, statuses, limit } = {}) =>
      read(() =>
        list
          .all({
            engine_id: engine_id ?? null,
            project: project ?? null,
            statuses: statuses ? JSON.stringify(statuses) : null,
            limit: limit ?? -1,
          })
          .map(rowOf),
      ),
    findRun: (idOrPrefix) =>
      read(() => {
        const prefix = idOrPrefix.toLowerCase();
        if (prefix === '') return undefined;
        return (
          only(exact.get(prefix)) ??
          onlyOne(idOrPrefix, beginning.all({ prefix, end: `${prefix}\u{10ffff}` }).map(rowOf))
        );
      }),
    save: (row) => {
      const { run, engine_id, project, status } = row;
      save.run({ run, engine_id, project, status, json: sealed(row) });
    },
  };
}

function onlyOne(prefix: string, rows: readonly RunRow[]): RunRow | undefined {
  if (rows.length <= 1) return rows[0];
  const some = rows.slice(0, 5).map((row) => row.run);
  throw new Refusal('usage', `${prefix} is the beginning of ${rows.length} runs: ${some.join(', ')}.`, {
    hint: 'Write one more letter of its id.',
  });
}
