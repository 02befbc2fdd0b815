import { crc32 } from 'node:zlib';
import type { RunEvent, RunEventBody } from '../../engine/events.ts';
import { Defect, Refusal } from '../../errors.ts';
import { rowAfter } from '../run-row.ts';
import { NO_LEASE, type Store } from '../store.ts';
import { damaged } from '../trouble.ts';
import type { Connection } from './connection.ts';
import type { RunTable } from './run-table.ts';
import { parsed } from './sealed.ts';

type Standing = {
  engine_id: string;
  project: string;
  status: string;
  started: number;
  fence: number | null;
  holder: string | null;
  last: number | null;
};
type Found = { seq: number; at: number; json: string; checksum: number };

/** The journal. The event, the run's row and what was measured are one commit. */
export function eventTable({ db, file, read, write }: Connection, runs: RunTable): Pick<Store, 'append' | 'events'> {
  const list = db.prepare('SELECT seq, at, json, checksum FROM events WHERE run = ? ORDER BY seq');
  const insert = db.prepare('INSERT INTO events (run, seq, at, type, json, checksum) VALUES (?, ?, ?, ?, ?, ?)');
  const standing = db.prepare(
    `SELECT r.engine_id, r.project, r.status, json_extract(r.json, '$.started_at') IS NOT NULL AS started,
            l.fence, l.run AS holder, (SELECT max(seq) FROM events WHERE run = r.run) AS last
     FROM runs r LEFT JOIN leases l ON l.engine_id = r.engine_id AND l.project = r.project
     WHERE r.run = ?`,
  );
  const leaseOf = db.prepare('SELECT fence, run AS holder FROM leases WHERE engine_id = ? AND project = ?');
  const measure = db.prepare(
    'INSERT INTO measurements (engine_id, project, what, ms, run, at) VALUES (?, ?, ?, ?, ?, ?)',
  );

  function standingOf(run: string, event: RunEventBody): Standing {
    const found = standing.get(run) as Standing | undefined;
    if (found) return found;
    if (list.get(run)) throw damaged(`The history is damaged: run ${run} has events, and no row.`, file);
    if (event.type !== 'run.created') throw new Defect(`the first event of run ${run} is ${event.type}`);
    const { engine_id, project } = event;
    const lease = leaseOf.get(engine_id, project) as Pick<Standing, 'fence' | 'holder'> | undefined;
    const { fence, holder } = lease ?? { fence: null, holder: null };
    return { engine_id, project, status: 'running', started: 0, fence, holder, last: null };
  }

  return {
    append: (run, body, at, fence) =>
      write(() => {
        const before = standingOf(run, body);
        refuseStranger(run, body, fence, before);
        const event: RunEvent = { run, seq: (before.last ?? 0) + 1, at, ...body };
        if (changesRow.has(event.type)) runs.save(rowAfter(runs.exact(run), event));
        const json = JSON.stringify(body);
        insert.run(run, event.seq, at, event.type, json, checksum(run, event.seq, at, json));
        if (event.type === 'step.measured') {
          measure.run(before.engine_id, before.project, event.what, event.ms, run, at);
        }
        return event;
      }),
    events: (run) => read(() => (list.all(run) as Found[]).map((found, index) => eventOf(run, found, index + 1, file))),
  };
}

const changesRow: ReadonlySet<RunEventBody['type']> = new Set<RunEventBody['type']>([
  'run.created',
  'run.waiting',
  'run.started',
  'run.continued',
  'run.parked',
  'release.recorded',
  'run.ended',
]);

/** What touches the stack, or is about to: never without its lease. */
const needsLease: ReadonlySet<RunEventBody['type']> = new Set<RunEventBody['type']>([
  'run.started',
  'run.continued',
  'receipt.recorded',
]);

function refuseStranger(run: string, event: RunEventBody, fence: number, standing: Standing): void {
  if (fence === NO_LEASE && !standing.started && !needsLease.has(event.type)) return;
  if (standing.holder === run && standing.fence === fence) return;
  const { project, holder } = standing;
  const now =
    holder === null ? 'nobody holds it' : holder === run ? 'another process carries it on' : `run ${holder} holds it`;
  throw new Refusal('locked', `Run ${run} no longer holds ${project}: ${now}. It stops here and writes nothing more.`, {
    hint: `\`playbook show ${holder ?? run}\` shows how it stands.`,
  });
}

function eventOf(run: string, found: Found, seq: number, file: string): RunEvent {
  if (found.seq !== seq) throw damaged(`The journal of run ${run} is damaged: event ${seq} is missing.`, file);
  if (found.checksum !== checksum(run, seq, found.at, found.json)) {
    throw damaged(`The journal of run ${run} is damaged: event ${seq} does not read as it was written.`, file);
  }
  return { run, seq, at: found.at, ...(parsed(found.json, `event ${seq} of run ${run}`, file) as RunEventBody) };
}

/** SQLite notices a torn page of its own making, but not a bit that flipped on the disk. */
function checksum(run: string, seq: number, at: number, json: string): number {
  return crc32(`${run} ${seq} ${at} ${json}`);
}
