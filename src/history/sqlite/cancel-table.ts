import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';

/** Wishes that a run be cancelled; they stay, so that a run that was cut starts nothing more when it is taken up again. */
export function cancelTable({ db, read, write }: Connection): Pick<Store, 'askCancel' | 'cancelAsked'> {
  const ask = db.prepare(
    `INSERT INTO cancels (run, by, at) VALUES (:run, :by, :at)
     ON CONFLICT (run) DO UPDATE SET by = :by, at = :at`,
  );
  const asked = db.prepare('SELECT by, at FROM cancels WHERE run = ?');

  return {
    askCancel: (run, by, at) => {
      write(() => ask.run({ run, by, at }));
    },
    cancelAsked: (run) =>
      read(() => {
        const found = asked.get(run);
        return found && { by: String(found['by']), at: Number(found['at']) };
      }),
  };
}
