import type { Release } from '../../runner/contract.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { sealed, unsealed } from './sealed.ts';

type ReleaseTable = Pick<Store, 'releases' | 'saveRelease' | 'removeRelease'>;

/** The releases of each stack; their files lie in folders beside the store. */
export function releaseTable({ db, file, read, write }: Connection): ReleaseTable {
  const list = db.prepare('SELECT id, json FROM releases WHERE engine_id = ? AND project = ? ORDER BY n DESC');
  const save = db.prepare(
    `INSERT INTO releases (engine_id, project, id, json) VALUES (?, ?, ?, ?)
     ON CONFLICT (engine_id, project, id) DO UPDATE SET json = excluded.json`,
  );
  const remove = db.prepare('DELETE FROM releases WHERE engine_id = ? AND project = ? AND id = ?');

  return {
    releases: (engine_id, project) =>
      read(() =>
        list
          .all(engine_id, project)
          .map(({ id, json }) => unsealed(json, `release ${String(id)} of ${project}`, file) as Release),
      ),
    saveRelease: (release) => {
      write(() => save.run(release.engine_id, release.project, release.id, sealed(release)));
    },
    removeRelease: (engine_id, project, id) => {
      write(() => remove.run(engine_id, project, id));
    },
  };
}
