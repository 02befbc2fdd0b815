import type { Judgement } from '../../src/runner/contract.ts';
import { sayBytes } from '../stack/words.ts';

export type DiskParams = { below_percent: number };

/** The disk on which the engine stores, in bytes. */
export type Disk = { path: string; free: number; total: number };

/** Whether less is free than the threshold. What cannot be seen is no reason to hold back, and says so. Pure. */
export function decideDisk({ below_percent }: DiskParams, disk: Disk | undefined): Judgement {
  if (!disk)
    return { verdict: 'warn', say: 'unknown: the disk of the engine cannot be seen from here', evidence: null };
  const percent = Math.round((disk.free / disk.total) * 100);
  const evidence = { ...disk, percent };
  const free = `${sayBytes(disk.free)} of ${sayBytes(disk.total)} (${percent} %) are free in ${disk.path}`;
  if (below_percent === 100 || percent < below_percent) return { verdict: 'go', say: free, evidence };
  const say = `${free}: clearing up is not due before less than ${below_percent} % are`;
  return { verdict: 'no-go', say, hint: 'Raise `below_percent`, or set this guard aside.', evidence };
}
