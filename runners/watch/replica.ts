import type { ContainerInspect } from '../clients/docker-types.ts';

/** One container at one moment, as far as a trigger needs it. Times are milliseconds of the engine's clock. */
export type Replica = {
  id: string;
  name: string;
  service: string;
  state: string;
  /** Undefined where it has no healthcheck, or does not run. */
  health?: 'starting' | 'healthy' | 'unhealthy';
  exit_code: number;
  restarts: number;
  /** Whether its last end was for want of memory. */
  oom: boolean;
  created_at: number;
  started_at: number;
  finished_at: number;
  /** What its last failed probe printed. */
  probe: string[];
};

/** Reduces what the engine says of a container. */
export function replicaOf(inspect: ContainerInspect): Replica {
  const state = inspect.State;
  const health = healthWord(state.Health?.Status);
  const failed = state.Health?.Log?.findLast(({ ExitCode }) => ExitCode !== 0);
  return {
    id: inspect.Id,
    name: inspect.Name.replace(/^\//, ''),
    service: inspect.Config.Labels?.['com.docker.compose.service'] ?? '',
    state: state.Status,
    ...(health && state.Status === 'running' && { health }),
    exit_code: state.ExitCode,
    restarts: inspect.RestartCount ?? 0,
    oom: state.OOMKilled,
    created_at: Date.parse(inspect.Created),
    started_at: Date.parse(state.StartedAt),
    finished_at: Date.parse(state.FinishedAt),
    probe: (failed?.Output ?? '').split(/[\r\n]+/).filter((line) => line.trim() !== ''),
  };
}

/** Whole words only: `unhealthy` contains `healthy`. */
function healthWord(status: string | undefined): Replica['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : undefined;
}
