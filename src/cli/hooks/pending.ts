import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foldEvents } from '../../engine/state.ts';
import { makePrivateFolder, safeFileName, writePrivateFile } from '../../history/private-file.ts';
import type { Store } from '../../history/store.ts';
import type { GitMove } from '../wire.ts';

/**
 * A folder that is being put on a commit, before the run that is about it has taken the receipt: on disk, so that a power
 * cut in between leaves nobody with files that nothing was deployed from.
 */
export type Pending = { run: string; step: string; move: GitMove };

export async function notePending(pending: Pending): Promise<void> {
  await makePrivateFolder(folderOf(pending.move));
  await writePrivateFile(fileOf(pending.move), JSON.stringify(pending));
}

export async function dropPending(move: GitMove): Promise<void> {
  await rm(fileOf(move), { force: true });
}

/** What an earlier push has left behind; where its run has the receipt, the run answers for the folder. */
export async function leftBehind(
  place: Pick<GitMove, 'git_dir' | 'folder'>,
  store: Store,
): Promise<Pending | undefined> {
  const text = await readFile(fileOf(place), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const pending = JSON.parse(text) as Pending;
  return hasReceipt(pending, store) ? undefined : pending;
}

/** The same, where nothing may be opened for it: without a history no run has a receipt. */
export async function isLeftBehind(place: Place, store: Store | undefined): Promise<boolean> {
  if (store !== undefined) return (await leftBehind(place, store)) !== undefined;
  return existsSync(fileOf(place));
}

function hasReceipt({ run, step }: Pending, store: Store): boolean {
  if (store.findRun(run)?.run !== run) return false;
  return foldEvents(store.events(run)).receipts.some((receipt) => receipt.step === step);
}

type Place = Pick<GitMove, 'git_dir' | 'folder'>;

function fileOf(place: Place): string {
  return join(folderOf(place), `${safeFileName(place.folder)}.json`);
}

function folderOf({ git_dir }: Place): string {
  return join(git_dir, 'playbook');
}
