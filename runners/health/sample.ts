import type { ContainerInspect } from '../clients/docker-types.ts';
import { type EngineHealthcheck, engineHealthcheck, healthDeadline } from '../stack/healthcheck.ts';

/** One container at one moment, as far as a judgement needs it. */
export type Sample = {
  id: string;
  name: string;
  service: string;
  hash: string;
  created: string;
  state: string;
  /** Undefined where it has no healthcheck. */
  health?: 'starting' | 'healthy' | 'unhealthy';
  /** Probes that failed one after the other, and how many of them make it unhealthy. */
  streak: number;
  retries: number;
  restarts: number;
  oom: boolean;
  memory_limit: number;
  exit_code: number;
  started_at: string;
  /** What the engine says where it could not start the container. */
  error: string;
  /** The last probe that failed: what it printed, on one line. */
  probe?: { output: string; exit_code: number };
  /** How long this container has to become healthy, in milliseconds. */
  deadline: number;
};

/** Reduces what the engine says of a container to what is judged. */
export function sampleOf(inspect: ContainerInspect): Sample {
  const labels = inspect.Config.Labels ?? {};
  const config = inspect.Config as { Healthcheck?: EngineHealthcheck };
  const check = engineHealthcheck(config.Healthcheck);
  const health = inspect.State.Health;
  const state = inspect.State;
  const status = healthWord(health?.Status);
  const probe = lastFailure(health?.Log ?? []);
  return {
    id: inspect.Id,
    name: inspect.Name.replace(/^\//, ''),
    service: labels['com.docker.compose.service'] ?? '',
    hash: labels['com.docker.compose.config-hash'] ?? '',
    created: inspect.Created,
    state: state.Status,
    // A stopped container keeps the last word of its healthcheck.
    ...(check && status && state.Running && { health: status }),
    streak: health?.FailingStreak ?? 0,
    retries: check?.retries ?? 0,
    restarts: inspect.RestartCount,
    oom: state.OOMKilled,
    memory_limit: inspect.HostConfig.Memory ?? 0,
    exit_code: state.ExitCode,
    started_at: state.StartedAt,
    error: state.Error,
    ...(probe && { probe }),
    deadline: healthDeadline(check),
  };
}

/** Whole words only: `unhealthy` contains `healthy` (F17). */
function healthWord(status: string | undefined): Sample['health'] {
  if (status === 'starting' || status === 'healthy' || status === 'unhealthy') return status;
  return undefined;
}

function lastFailure(log: readonly { ExitCode: number; Output: string }[]): Sample['probe'] {
  const failed = log.findLast((entry) => entry.ExitCode !== 0);
  return failed && { output: oneLine(failed.Output), exit_code: failed.ExitCode };
}

/** The last lines of a probe say why it failed; progress bars and blank lines before them do not. */
function oneLine(output: string): string {
  const lines = output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = lines.slice(-2).join(' · ');
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
