import type { Replica } from '../../../runners/watch/replica.ts';
import type { WatchedService } from '../../../runners/watch/watched-stack.ts';

/** A container that runs and is healthy, but for what is said. Times are milliseconds. */
export function replica(more: Partial<Replica> = {}): Replica {
  const name = more.name ?? `shop-${more.service ?? 'web'}-1`;
  return {
    id: `id of ${name}`,
    name,
    service: 'web',
    state: 'running',
    health: 'healthy',
    exit_code: 0,
    restarts: 0,
    oom: false,
    created_at: 0,
    started_at: 1_000,
    finished_at: -1,
    probe: [],
    ...more,
  };
}

/** The same without a healthcheck. */
export function blind(more: Partial<Replica> = {}): Replica {
  const { health: _none, ...rest } = replica(more);
  return rest;
}

export function service(more: Partial<WatchedService> = {}): WatchedService {
  return { name: 'web', replicas: 1, job: false, ...more };
}
