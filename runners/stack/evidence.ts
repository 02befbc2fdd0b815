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
  try {
    await keep(context, id);
  } catch (thrown) {
    context.look.signal.throwIfAborted();
    // What failed is worth more than why nothing of it could be kept.
    context.log(`The evidence of ${id.slice(0, 12)} could not be kept: ${messageOf(thrown)}`);
  }
}

/** The last lines of a log; where its driver keeps none, one line that says so. */
export async function lastLines(docker: Pick<DockerReader, 'logs'>, id: string, tail: number): Promise<string[]> {
  return docker.logs(id, { tail }).catch((thrown: unknown) => [`(the log cannot be read: ${messageOf(thrown)})`]);
}

async function keep(context: Context, id: string): Promise<void> {
  const docker = await dockerReader(context.look);
  const inspect = await docker.container(id);
  if (!inspect) return;
  const name = inspect.Name.replace(/^\//, '');
  const log = await lastLines(docker, id, logLines);
  await context.evidence(`${name}.log`, log.map((line) => `${line}\n`).join(''));
  await context.evidence(`${name}.inspect.json`, json(withoutValues(inspect)));
  if (inspect.State.Health) await context.evidence(`${name}.health.json`, json(inspect.State.Health));
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Names of the variables stay, values go: they may be secrets nobody has declared. */
function withoutValues(inspect: ContainerInspect): ContainerInspect {
  const names = (inspect.Config.Env ?? []).map((entry) => `${entry.split('=')[0]}=***`);
  return { ...inspect, Config: { ...inspect.Config, Env: names } };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
