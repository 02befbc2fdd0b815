import { statfsSync } from 'node:fs';
import { Refusal } from '../errors.ts';
import { formatSize } from '../playbook/size.ts';
import { storageTrouble } from './trouble.ts';

/** What a run may write: its journal and the log in front of it, receipts, evidence, a release. */
export const ROOM = 8 * 1024 ** 2;

/** Refuses a new run where the disk would be full in the middle of it. What has begun may go on to the last byte. */
export function requireRoom(dir: string): void {
  const free = roomIn(dir);
  if (free === undefined || free >= ROOM) return;
  throw new Refusal(
    'unavailable',
    `The disk is nearly full: ${formatSize(free)} are free where the history is kept (${dir}), and a run needs ${formatSize(ROOM)}.`,
    { hint: 'Free some space there: `playbook history prune` takes out old runs. Nothing was changed.' },
  );
}

/** Bytes that are free on the disk of this folder; undefined where it does not say, or is not there yet. */
export function roomIn(dir: string): number | undefined {
  try {
    const { blocks, bavail, bfree, bsize } = statfsSync(dir);
    if (blocks === 0) return undefined;
    return bsize * (process.getuid?.() === 0 ? bfree : bavail);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storageTrouble(error, dir);
  }
}
