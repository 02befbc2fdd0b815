import type { Sample } from '../../src/runner/contract.ts';
import type { ContainerInspect } from '../clients/docker-types.ts';

/** What one container has used up to a moment, and what it may use. */
export type Reading = {
  service: string;
  /** CPU time of the container and of the whole host so far, in nanoseconds, and how many CPUs the host has. */
  cpu: number;
  host_cpu: number;
  cpus: number;
  /** Bytes, without the page cache that the kernel takes back when it needs to. */
  memory: number;
  host_memory: number;
  limits: Limits;
};

/** CPUs and bytes; left out where nothing limits it. */
export type Limits = { cpus?: number; memory?: number };

/** What the engine says, as far as it is needed; of a container that has ended most is missing. */
export type EngineStats = {
  cpu_stats?: {
    cpu_usage: { total_usage: number; percpu_usage?: number[] };
    system_cpu_usage?: number;
    online_cpus?: number;
  };
  memory_stats?: { usage?: number; stats?: Readonly<Record<string, number | undefined>> };
};

/** Percent of one limit, and the service that takes most of it. */
type Share = { percent: number; service: string; of: 'its limit' | 'the host' };

/** Over this it is bad. */
const most = 95;

/** Reduces what the engine measured once; undefined where the container does not run any more. Pure. */
export function readingOf(
  stats: EngineStats | undefined,
  about: { service: string; limits: Limits; host_memory: number },
): Reading | undefined {
  const { usage, stats: detail } = stats?.memory_stats ?? {};
  const cpu = stats?.cpu_stats;
  if (!usage || !cpu?.system_cpu_usage) return undefined;
  // The same as `docker stats`: cgroup v1 counts with, v2 without its children under another name.
  const cache = detail?.['total_inactive_file'] ?? detail?.['inactive_file'] ?? 0;
  return {
    ...about,
    cpu: cpu.cpu_usage.total_usage,
    host_cpu: cpu.system_cpu_usage,
    cpus: cpu.online_cpus || cpu.cpu_usage.percpu_usage?.length || 1,
    memory: cache < usage ? usage - cache : usage,
  };
}

/** What a container may use, by its inspect. Pure. */
export function limitsOf({
  NanoCpus,
  CpuQuota,
  CpuPeriod,
  CpusetCpus,
  Memory,
}: ContainerInspect['HostConfig']): Limits {
  const quota = NanoCpus ? NanoCpus / 1e9 : CpuQuota && CpuQuota > 0 ? CpuQuota / (CpuPeriod || 100_000) : undefined;
  const set = CpusetCpus ? cpusOfSet(CpusetCpus) : undefined;
  const cpus = quota !== undefined && set !== undefined ? Math.min(quota, set) : (quota ?? set);
  return { ...(cpus !== undefined && { cpus }), ...(Memory && { memory: Memory }) };
}

/** `0-2,4`: four. */
function cpusOfSet(set: string): number {
  const ranges = set.split(',').map((range) => range.split('-').map(Number));
  return ranges.reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0);
}

/** Two readings of each container, by ID; a container that is new has no CPU figure yet. Pure. */
export function judgeUsage(
  before: Readonly<Record<string, Reading>>,
  now: Readonly<Record<string, Reading>>,
  { at, of }: { at: number; of: 'limit' | 'host' },
): Sample {
  const cpu = worst(Object.entries(now).flatMap(([id, one]) => cpuUse(before[id], one, of)));
  const memory = worst(Object.values(now).map((one) => memoryUse(one, of)));
  if (!cpu || !memory) return { at, say: 'nothing could be measured: no container has run for long enough' };
  return {
    at,
    bad: cpu.percent > most || memory.percent > most,
    say: `${sayShare('cpu', cpu)}, ${sayShare('memory', memory)}`,
    values: { cpu: cpu.percent, memory: memory.percent, cpu_of: cpu.service, memory_of: memory.service },
  };
}

/** A part of something limited: of the container's own limit, or of the host, which all others share. */
type Use = { service: string; used: number; limit?: number; host: number };

function cpuUse(before: Reading | undefined, now: Reading, of: 'limit' | 'host'): Use[] {
  // A container that was started again counts from 0.
  if (!before || now.cpu < before.cpu || now.host_cpu <= before.host_cpu) return [];
  const used = ((now.cpu - before.cpu) / (now.host_cpu - before.host_cpu)) * now.cpus;
  const limit = of === 'limit' && (now.limits.cpus ?? now.cpus) < now.cpus ? now.limits.cpus : undefined;
  return [{ service: now.service, used, host: now.cpus, ...(limit !== undefined && { limit }) }];
}

function memoryUse(now: Reading, of: 'limit' | 'host'): Use {
  const { memory: limit = now.host_memory } = now.limits;
  const limited = of === 'limit' && limit < now.host_memory;
  return { service: now.service, used: now.memory, host: now.host_memory, ...(limited && { limit }) };
}

/** Each with a limit stands for itself; the others share the host, so they count together. */
function worst(uses: readonly Use[]): Share | undefined {
  const own = uses.flatMap(({ service, used, limit }): Share[] =>
    limit === undefined ? [] : [{ service, percent: (used / limit) * 100, of: 'its limit' }],
  );
  const sharing = uses.filter(({ limit }) => limit === undefined).toSorted((a, b) => b.used - a.used);
  const [first] = sharing;
  const used = sharing.reduce((sum, one) => sum + one.used, 0);
  const shared: Share[] = first ? [{ service: first.service, percent: (used / first.host) * 100, of: 'the host' }] : [];
  const [found] = [...own, ...shared].toSorted((a, b) => b.percent - a.percent);
  return found && { ...found, percent: Math.round(found.percent * 100) / 100 };
}

function sayShare(what: string, { percent, service, of }: Share): string {
  const whose = of === 'its limit' ? `of the limit of ${service}` : `of the host, most of it ${service}`;
  return `${what} ${Math.round(percent * 10) / 10} % ${whose}`;
}
