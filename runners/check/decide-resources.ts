import type { Judgement } from '../../src/runner/contract.ts';
import { counted, sayBytes } from '../stack/words.ts';
import type { Needs } from './needs.ts';

/** What is wanted to be free besides: bytes, but for `cpu` (cores that idle) and `inodes`. */
export type Reserve = { memory: number; disk: number; cpu: number; inodes: number };

/** What is free on the engine's machine; undefined is unknown. `total` is the engine's own word. */
export type Free = {
  memory?: number;
  disk?: number;
  disk_path?: string;
  cpu?: number;
  inodes?: number;
  total: { memory: number; cpus: number };
  /** Why nothing could be looked at. */
  blind?: string;
};

/** The largest limit a service sets itself. */
export type Limit = { service: string; memory: number; cpus: number };

type Short = { what: string; missing: string; hint: string };

/** Compares what will be needed with what is free; what is missing is named in bytes (F04). Pure. */
export function decideResources(reserve: Reserve, needs: Needs, free: Free, limits: readonly Limit[]): Judgement {
  const wanted = { memory: reserve.memory + needs.memory, disk: reserve.disk + needs.disk };
  const evidence = { needs: { ...needs, ...wanted }, free: { ...free }, reserve };
  const impossible = limits.filter((limit) => limit.cpus > free.total.cpus);
  if (impossible.length > 0) return { ...tooManyCpus(impossible, free.total.cpus), evidence };
  const short = shortages(wanted, { reserve, needs, free });
  if (short.length > 0) {
    const say = short.map(({ what, missing }) => `${what}: ${missing}`).join('; ');
    return { verdict: 'no-go', say: `${say}.`, hint: short.map(({ hint }) => hint).join(' '), evidence };
  }
  const unknown = unknowns(reserve, free);
  if (unknown !== undefined) return { verdict: 'warn', say: `unknown: ${unknown}.`, evidence };
  const large = limits.find((limit) => limit.memory > free.total.memory);
  if (large) {
    const say = `${large.service} may take ${sayBytes(large.memory)}, but the machine has ${sayBytes(free.total.memory)} in all.`;
    return { verdict: 'warn', say, hint: 'Lower its mem_limit: the kernel kills what does not fit.', evidence };
  }
  return { verdict: 'go', say: sayEnough(wanted, needs, free), evidence };
}

function tooManyCpus(limits: readonly Limit[], cpus: number): Judgement {
  const names = limits.map(({ service, cpus: wanted }) => `${service} may use ${wanted} CPUs`).join(', ');
  const say = `${names}, but the machine has ${cpus}: the engine refuses that.`;
  return { verdict: 'no-go', say, hint: 'Lower `cpus` in the Compose file.' };
}

type Question = { reserve: Reserve; needs: Needs; free: Free };

function shortages(wanted: { memory: number; disk: number }, { reserve, needs, free }: Question): Short[] {
  const where = free.disk_path === undefined ? '' : ` on ${free.disk_path}`;
  const cpu = reserve.cpu + needs.cpus;
  return [
    ...lacking('memory', wanted.memory, free.memory, 'Free some memory, or ask for less.'),
    ...lacking(`disk${where}`, wanted.disk, free.disk, 'Free some disk: `docker system df` shows what takes it.'),
    ...(free.inodes !== undefined && free.inodes < reserve.inodes
      ? [
          {
            what: `inodes${where}`,
            missing: `${reserve.inodes} are needed, ${free.inodes} are free`,
            hint: 'Remove some files.',
          },
        ]
      : []),
    ...(free.cpu !== undefined && cpu > free.cpu
      ? [
          {
            what: 'CPU',
            missing: `${cpu} cores are needed, ${free.cpu.toFixed(1)} idle`,
            hint: 'Wait until the machine has less to do.',
          },
        ]
      : []),
  ];
}

function lacking(what: string, wanted: number, free: number | undefined, hint: string): Short[] {
  if (free === undefined || free >= wanted) return [];
  const lack = wanted - free;
  return [
    {
      what,
      missing: `${sayBytes(wanted)} are needed, ${sayBytes(free)} are free: ${sayBytes(lack)} (${lack} bytes) are missing`,
      hint,
    },
  ];
}

function unknowns(reserve: Reserve, free: Free): string | undefined {
  if (free.blind !== undefined) return `${free.blind}, so its free memory and disk cannot be seen`;
  const missing = [
    ...(free.memory === undefined ? ['free memory'] : []),
    ...(free.disk === undefined ? [`free disk${free.disk_path ? ` of ${free.disk_path}` : ''}`] : []),
    ...(free.inodes === undefined && reserve.inodes > 0 && free.disk === undefined ? ['free inodes'] : []),
  ];
  return missing.length > 0 ? `${missing.join(' and ')} cannot be read` : undefined;
}

function sayEnough(wanted: { memory: number; disk: number }, needs: Needs, free: Free): string {
  const extra = needs.containers > 0 ? ` for ${counted(needs.containers, 'new container')}` : '';
  const have = `${sayBytes(free.memory ?? 0)} and ${sayBytes(free.disk ?? 0)} are free`;
  return `needs ${sayBytes(wanted.memory)} memory, ${sayBytes(wanted.disk)} disk${extra}; ${have}.`;
}
