import { readFileSync } from 'node:fs';

/** Whether a process does anything still: a zombie, which nobody has asked after yet, does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // Gone.
    return false;
  }
}
