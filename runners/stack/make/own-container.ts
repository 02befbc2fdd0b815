import { readFile } from 'node:fs/promises';

/** The ID of the container this process runs in; undefined on a host. */
export async function ownContainer(): Promise<string | undefined> {
  return containerIn(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
}

/** The engine mounts `/etc/hostname` and its like from a folder that has the container's name. */
export function containerIn(mountinfo: string): string | undefined {
  return /\/containers\/([0-9a-f]{64})\/(?:hostname|hosts|resolv\.conf)\s/.exec(mountinfo)?.[1];
}
