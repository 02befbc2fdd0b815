import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessRef } from '../engine/events.ts';

/** This process, told apart from a later one that gets its number by the time it started and the boot of the system. */
export function thisProcess(): ProcessRef {
  return { pid: process.pid, host: hostname(), started: stat(process.pid)?.started ?? '', boot: bootId() };
}

/**
 * Whether the process is still there. `false` only where that is proved: it may be carrying a run. Of another host, or
 * of a container with process numbers of its own, nothing can be known.
 */
export function isAlive(ref: ProcessRef): boolean | 'unknown' {
  if (ref.host !== hostname()) return 'unknown';
  const [boot, numbering] = ref.boot.split('/');
  const [ownBoot, ownNumbering] = bootId().split('/');
  if (boot !== ownBoot) return false;
  if (numbering !== ownNumbering) return 'unknown';
  if (!exists(ref.pid)) return false;
  const seen = stat(ref.pid);
  // It is there, but who it is cannot be read (/proc hidden from other users, or no /proc at all).
  if (!seen || ref.started === '') return 'unknown';
  return seen.started === ref.started && !seen.ended;
}

/** Whether it is of the boot of the system that goes on now: then it ran on this very machine. False where no boot is known. */
export function isOfThisBoot({ boot }: ProcessRef): boolean {
  const [own = ''] = bootId().split('/');
  return own !== '' && boot.split('/')[0] === own;
}

/** Whether this process was started by that one, however many shells stand between. */
export function isAncestor(ref: ProcessRef): boolean {
  if (ref.pid === process.pid || isAlive(ref) !== true) return false;
  for (let pid = process.ppid; pid > 1; pid = stat(pid)?.parent ?? 0) {
    if (pid === ref.pid) return true;
  }
  return false;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there it is, but somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

export type Stat = { ended: boolean; parent: number; group: number; started: string };

/** From /proc/PID/stat. The name stands in brackets and may hold any character, so the fields count from the last one. */
export function stat(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields ?? [];
  const started = fields?.[19];
  if (state === undefined || started === undefined) return undefined;
  // A zombie does nothing any more; it only waits for its parent to ask.
  return { ended: state === 'Z' || state === 'X', parent: Number(parent), group: Number(group), started };
}

/** The boot of the system, and which process numbering this is: containers count their own. */
function bootId(): string {
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${numberingOf()}`;
}

function numberingOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    // Not Linux: one numbering for all.
    return '';
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for us to see: both mean that nothing is known.
    return undefined;
  }
}
