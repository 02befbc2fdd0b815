import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this user may mount a disk of its own: root, with the right to. */
export const canMount = mayMount();

/** Mounts a disk of this size (in memory) on a folder; gives what unmounts it. */
export function mountSmallDisk(folder: string, size: string): () => void {
  mount(['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'playbook-test', folder]);
  return () => void spawnSync('umount', ['-l', folder]);
}

export function remount(folder: string, how: 'ro' | 'rw'): void {
  mount(['-o', `remount,${how}`, folder]);
}

/** Fills the disk of a folder until so many bytes are free; gives what frees it again. */
export function fillDisk(folder: string, free: number): () => void {
  const ballast = join(folder, 'ballast');
  const file = openSync(ballast, 'w');
  const { bfree, bsize } = statfsSync(folder);
  const wanted = Math.max(0, bfree * bsize - free);
  try {
    while (fstatSync(file).size < wanted)
      writeSync(file, Buffer.alloc(Math.min(65_536, wanted - fstatSync(file).size)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return () => rmSync(ballast);
}

function mount(args: readonly string[]): void {
  const done = spawnSync('mount', args);
  if (done.status !== 0) throw new Error(`cannot mount: ${String(done.stderr)}`);
}

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
}
