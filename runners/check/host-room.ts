import { readFile, statfs } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { Free } from './decide-resources.ts';

export type EngineTotals = { memory: number; cpus: number; root: string };

/** What is free on this machine: memory, idle CPUs, and disk and inodes where the engine stores. */
export async function freeHere(engine: EngineTotals): Promise<Free> {
  const [meminfo, disk] = await Promise.all([
    readFile('/proc/meminfo', 'utf8').catch(() => ''),
    // Unreadable is unknown, and that is what the verdict says.
    statfs(engine.root).catch(() => undefined),
  ]);
  const memory = availableMemory(meminfo);
  const [load = 0] = loadavg();
  return {
    total: { memory: engine.memory, cpus: engine.cpus },
    cpu: Math.max(0, engine.cpus - load),
    disk_path: engine.root,
    ...(memory !== undefined && { memory }),
    ...(disk && { disk: disk.bavail * disk.bsize }),
    // Some file systems make inodes as they need them and count none.
    ...(disk && disk.files > 0 && { inodes: disk.ffree }),
  };
}

/** What `/info` says of the machine, and where the engine stores. Pure. */
export function engineTotals(info: Readonly<Record<string, unknown>>): EngineTotals {
  const root = info['DockerRootDir'];
  return {
    memory: Number(info['MemTotal'] ?? 0),
    cpus: Number(info['NCPU'] ?? 0),
    root: typeof root === 'string' ? root : '/var/lib/docker',
  };
}

/** Bytes that programs can still have, as the kernel reckons; undefined where the text does not say. Pure. */
export function availableMemory(meminfo: string): number | undefined {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
