import type { ProcessRef } from '../../engine/events.ts';
import type { Lease, Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { sealed, unsealed } from './sealed.ts';

type LeaseTable = Pick<Store, 'lease' | 'acquire' | 'release'>;
type Found = { engine_id: string; project: string; fence: number; run: string | null; holder: string; since: number };

/** Who holds which stack. Looking and taking are one transaction, so that of two who ask at once one gets it. */
export function leaseTable({ db, file, read, write }: Connection): LeaseTable {
  const find = db.prepare('SELECT * FROM leases WHERE engine_id = ? AND project = ?');
  const take = db.prepare(
    `INSERT INTO leases (engine_id, project, fence, run, holder, since) VALUES (:engine_id, :project, 1, :run, :holder, :since)
     ON CONFLICT (engine_id, project) DO UPDATE SET fence = fence + 1, run = :run, holder = :holder, since = :since
     RETURNING fence`,
  );
  const free = db.prepare(
    `UPDATE leases SET run = NULL, holder = NULL, since = NULL
     WHERE engine_id = ? AND project = ? AND fence = ? AND run = ?`,
  );
  const current = (engine_id: string, project: string) =>
    leaseOf(find.get(engine_id, project) as Found | undefined, file);

  return {
    lease: (engine_id, project) => read(() => current(engine_id, project)),
    acquire: (wanted, mayTakeOver) =>
      write(() => {
        const held = current(wanted.engine_id, wanted.project);
        if (held && !mayTakeOver(held)) return { held };
        const { engine_id, project, run, holder, since } = wanted;
        const taken = take.get({ engine_id, project, run, holder: sealed(holder), since });
        return { got: { engine_id, project, run, holder, since, fence: Number(taken?.['fence']) } };
      }),
    release: (lease) => {
      write(() => free.run(lease.engine_id, lease.project, lease.fence, lease.run));
    },
  };
}

function leaseOf(found: Found | undefined, file: string): Lease | undefined {
  if (!found || found.run === null) return undefined;
  const { engine_id, project, fence, run, since } = found;
  const holder = unsealed(found.holder, `who holds ${project}`, file) as ProcessRef;
  return { engine_id, project, fence, run, since, holder };
}
