import { endLeftPrograms } from '../history/left-programs.ts';
import { thisProcess } from '../history/lock.ts';
import { runFolder } from '../history/run-folder.ts';
import type { RunRow } from '../history/store.ts';
import { thisActor } from './actor.ts';
import { systemClock } from './clock.ts';
import type { OpenHistory } from './history-access.ts';

/** Ends an unfinished run without another look at its stack: what it changed stays, its receipts too. */
export async function giveUp(
  { run, engine_id, project }: RunRow,
  { store, dir }: OpenHistory,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { user, host } = thisActor(env);
  const now = systemClock.now();
  const wanted = { engine_id, project, run, holder: thisProcess(), since: now };
  // Whoever held it is dead, or was given up by the person who knows.
  const answer = store.acquire(wanted, () => true);
  if (!('got' in answer)) return;
  await endLeftPrograms(runFolder(dir, run), systemClock);
  const say = `given up by ${user} on ${host}: what it changed stays as it is`;
  store.append(run, { type: 'run.ended', status: 'failed', say }, systemClock.now(), answer.got.fence);
  store.release(answer.got);
}
