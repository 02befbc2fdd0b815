import type { Context } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { ContainerInspect, DockerReader } from '../clients/docker-types.ts';

/** How much of a log is kept: what led to the failure is at its end. */
const logLines = 500;

/**
 * Keeps what is known of a container that fails, before anything removes it (F25): its last log lines, its inspect without
 * the values of its environment, and what its last probes said. A container that is gone leaves nothing.
 */
export async function keepEvidence(context: Context, id: string): Promise<void> {
  const docker = await dockerReader(context.look);
  const inspect = await docker.container(id);
  if (!inspect) return;
  const name = inspect.Name.replace(/^\//, '');
  await context.evidence(`${name}.log`, await lastLog(docker, id));
  await context.evidence(`${name}.inspect.json`, json(withoutValues(inspect)));
  if (inspect.State.Health) await context.evidence(`${name}.health.json`, json(inspect.State.Health));
}

async function lastLog(docker: DockerReader, id: string): Promise<string> {
  const lines = await docker.logs(id, { tail: logLines });
  return lines.map((line) => `${line}\n`).join('');
}

/** Names of the variables stay, values go: they may be secrets nobody has declared. */
function withoutValues(inspect: ContainerInspect): ContainerInspect {
  const names = (inspect.Config.Env ?? []).map((entry) => `${entry.split('=')[0]}=***`);
  return { ...inspect, Config: { ...inspect.Config, Env: names } };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
