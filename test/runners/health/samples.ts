import { type Judged, judgeContainers, type Memory } from '../../../runners/health/decide.ts';
import type { Sample } from '../../../runners/health/sample.ts';
import type { Asked } from '../../../runners/health/select.ts';

/** A container that runs and is healthy, but for what is said. */
export function sample(more: Partial<Sample> = {}): Sample {
  return {
    id: `id-${more.name ?? 'shop-web-1'}`,
    name: 'shop-web-1',
    service: 'web',
    hash: 'wanted',
    created: '2026-11-22T12:00:00Z',
    state: 'running',
    health: 'healthy',
    streak: 0,
    retries: 3,
    restarts: 0,
    oom: false,
    memory_limit: 0,
    exit_code: 0,
    started_at: '2026-11-22T12:00:01Z',
    error: '',
    deadline: 60_000,
    ...more,
  };
}

/** The same without a healthcheck. */
export function blind(more: Partial<Sample> = {}): Sample {
  const { health: _none, ...rest } = sample(more);
  return { ...rest, retries: 0 };
}

export function asked(more: Partial<Asked> = {}): Asked {
  return { service: 'web', job: false, replicas: 1, hash: 'wanted', want: 'healthy', stable_for: 10_000, ...more };
}

/** Looks one after the other, each `[seconds, containers…]`; gives what the last one says. */
export function looks(wanted: readonly Asked[], ...all: readonly [number, ...Sample[]][]): Judged {
  let memory: Memory = {};
  let judged: Judged = { memory, verdicts: [] };
  for (const [seconds, ...samples] of all) {
    judged = judgeContainers(wanted, samples, { at: seconds * 1000, memory });
    memory = judged.memory;
  }
  return judged;
}

/** `web good`, `api waiting`: what the looks come to. */
export function outcome(judged: Judged): string[] {
  return judged.verdicts.map((verdict) => `${verdict.service} ${verdict.verdict}`);
}
