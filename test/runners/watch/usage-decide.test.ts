import { describe, expect, it } from 'vitest';
import {
  type EngineStats,
  judgeUsage,
  type Limits,
  limitsOf,
  type Reading,
  readingOf,
} from '../../../runners/watch/usage-decide.ts';

const MB = 1024 * 1024;

/** A host of 4 CPUs and 1000 MB; `cpu` in seconds of CPU time. */
function reading(
  service: string,
  used: { cpu?: number; memory?: number; host_cpu?: number },
  limits: Limits = {},
): Reading {
  return {
    service,
    cpu: (used.cpu ?? 0) * 1e9,
    host_cpu: (used.host_cpu ?? 0) * 1e9,
    cpus: 4,
    memory: (used.memory ?? 10) * MB,
    host_memory: 1000 * MB,
    limits,
  };
}

type Use = { cpu?: number; memory?: number; limits?: Limits };

/** Containers that use so much CPU within one second of a host with 4 CPUs. */
function judged(uses: Record<string, Use>, of: 'limit' | 'host' = 'limit') {
  const at = (host_cpu: number, second: number) =>
    Object.fromEntries(
      Object.entries(uses).map(([name, { cpu = 0, memory, limits }]) => [
        name,
        reading(name, { cpu: cpu * second, host_cpu, ...(memory !== undefined && { memory }) }, limits),
      ]),
    );
  return judgeUsage(at(100, 0), at(104, 1), { at: 7, of });
}

describe('watch.usage', () => {
  it('must measure each container by its own limit, and name the one nearest to it', () => {
    const sample = judged({
      web: { cpu: 0.2, memory: 30, limits: { cpus: 0.5, memory: 100 * MB } },
      db: { cpu: 0.5, memory: 96, limits: { cpus: 1, memory: 100 * MB } },
    });
    expect(sample).toEqual({
      at: 7,
      bad: true,
      say: 'cpu 50 % of the limit of db, memory 96 % of the limit of db',
      values: { cpu: 50, memory: 96, cpu_of: 'db', memory_of: 'db' },
    });
  });

  it('must count those without a limit together, as they share the host', () => {
    const sample = judged({
      a: { cpu: 1.9, memory: 450 },
      b: { cpu: 2, memory: 470 },
      c: { limits: { cpus: 1, memory: 20 * MB } },
    });
    expect(sample).toMatchObject({
      bad: true,
      say: 'cpu 97.5 % of the host, most of it b, memory 92 % of the host, most of it b',
      values: { cpu: 97.5, memory: 92, cpu_of: 'b', memory_of: 'b' },
    });
  });

  it('must count all together where it is asked for the host', () => {
    const limits = { cpus: 1, memory: 100 * MB };
    expect(judged({ a: { cpu: 1, memory: 100, limits }, b: { cpu: 1, memory: 100 } }, 'host')).toMatchObject({
      bad: false,
      values: { cpu: 50, memory: 20 },
    });
  });

  it('must not be bad at 95 %, but above', () => {
    const limits = { memory: 100 * MB };
    expect(judged({ a: { memory: 95, limits } }).bad).toBe(false);
    expect(judged({ a: { memory: 95.1, limits } }).bad).toBe(true);
    expect(judged({ a: { cpu: 0.96, limits: { cpus: 1 } } }).bad).toBe(true);
  });

  it('must take a limit that is no smaller than the host for none', () => {
    const limits = { cpus: 8, memory: 9999 * MB };
    expect(judged({ a: { cpu: 2, memory: 500, limits } }).say).toBe(
      'cpu 50 % of the host, most of it a, memory 50 % of the host, most of it a',
    );
  });

  it('F26 must have no data without two readings of one container', () => {
    const one = { a: reading('a', { cpu: 1, host_cpu: 100 }) };
    expect(judgeUsage({}, one, { at: 0, of: 'limit' }).bad).toBeUndefined();
    expect(judgeUsage(one, {}, { at: 0, of: 'limit' }).bad).toBeUndefined();
    const startedAgain = { a: reading('a', { cpu: 0.1, host_cpu: 104 }) };
    expect(judgeUsage(one, startedAgain, { at: 0, of: 'limit' })).not.toHaveProperty('values');
  });
});

describe('what the engine measured', () => {
  const stats = (more: EngineStats['memory_stats']): EngineStats => ({
    cpu_stats: { cpu_usage: { total_usage: 5 }, system_cpu_usage: 100, online_cpus: 4 },
    memory_stats: more ?? {},
  });
  const about = { service: 'web', limits: {}, host_memory: 1000 };

  it.each([
    ['cgroup v1', { usage: 100, stats: { total_inactive_file: 30, inactive_file: 5 } }, 70],
    ['cgroup v2', { usage: 100, stats: { inactive_file: 30 } }, 70],
    ['more cache than use', { usage: 100, stats: { inactive_file: 130 } }, 100],
    ['no details', { usage: 100 }, 100],
  ])('must leave out the page cache that can be taken back: %s', (_what, memory, expected) => {
    expect(readingOf(stats(memory), about)).toEqual({ ...about, cpu: 5, host_cpu: 100, cpus: 4, memory: expected });
  });

  it('must be nothing for a container that does not run any more', () => {
    expect(readingOf(undefined, about)).toBeUndefined();
    expect(readingOf({ cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }, about)).toBeUndefined();
  });

  it.each([
    [{}, {}],
    [
      { NanoCpus: 500_000_000, Memory: 64 },
      { cpus: 0.5, memory: 64 },
    ],
    [{ CpuQuota: 150_000, CpuPeriod: 100_000 }, { cpus: 1.5 }],
    [{ CpuQuota: 50_000 }, { cpus: 0.5 }],
    [{ CpuQuota: -1, Memory: 0 }, {}],
    [{ CpusetCpus: '0-2,5' }, { cpus: 4 }],
    [{ CpusetCpus: '0', NanoCpus: 2e9 }, { cpus: 1 }],
  ])('must read the limits of %j', (host, limits) => {
    expect(limitsOf(host)).toEqual(limits);
  });
});
