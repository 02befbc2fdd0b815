import { StepFailure } from '../../src/errors.ts';
import type { Context } from '../../src/runner/contract.ts';
import type { ContainerInspect, DockerReader } from '../clients/docker-types.ts';
import { type EngineHealthcheck, engineHealthcheck, healthDeadline } from './healthcheck.ts';

/** How often a container is asked: an answer takes the engine about a millisecond. */
const every = 50;

export type Waiting = { docker: DockerReader; context: Context; signal: AbortSignal };

/**
 * Waits until a container is healthy, as `service_healthy` asks. One that is unhealthy may recover within its deadline
 * (F18); one that ends fails at once.
 */
export async function untilHealthy(id: string, what: string, { docker, context, signal }: Waiting): Promise<void> {
  const from = context.clock.now();
  let said = '';
  for (;;) {
    const inspect = await docker.container(id);
    const verdict = healthVerdict(inspect, what, context.clock.now() - from);
    if (verdict === 'healthy') return;
    if (verdict !== undefined) throw verdict;
    const say = `waiting for ${what}: ${inspect?.State.Health?.Status ?? inspect?.State.Status ?? 'gone'}`;
    if (say !== said) context.progress({ say });
    said = say;
    await context.clock.sleep(every, signal);
  }
}

/** Waits until a job has ended and gives its exit code. */
export async function untilEnded(id: string, what: string, { docker, context, signal }: Waiting): Promise<number> {
  for (;;) {
    const inspect = await docker.container(id);
    if (!inspect) throw new StepFailure(`${what} was removed while it ran.`, { class: 'conflict' });
    if (inspect.State.Status === 'exited' || inspect.State.Status === 'dead') return inspect.State.ExitCode;
    await context.clock.sleep(every, signal);
  }
}

/** Healthy, a failure, or undefined: ask again. */
export function healthVerdict(
  inspect: ContainerInspect | undefined,
  what: string,
  waited: number,
): 'healthy' | StepFailure | undefined {
  if (!inspect) return new StepFailure(`${what} was removed while its health was awaited.`, { class: 'conflict' });
  const { State: state } = inspect;
  if (state.Status === 'exited' || state.Status === 'dead') {
    return new StepFailure(`${what} ended with exit code ${state.ExitCode} before it was healthy.`, { class: 'exit' });
  }
  const check = engineHealthcheck((inspect.Config as { Healthcheck?: EngineHealthcheck }).Healthcheck);
  if (!check) {
    const message = `${what} has no healthcheck, but another service waits for it to be healthy.`;
    return new StepFailure(message, { class: 'unhealthy', hint: 'Give it a healthcheck, or use service_started.' });
  }
  if (state.Status === 'running' && state.Health?.Status === 'healthy') return 'healthy';
  if (waited < healthDeadline(check)) return undefined;
  const said = state.Health?.Log?.at(-1)?.Output?.trim();
  const message = `${what} is ${state.Health?.Status ?? state.Status} after ${Math.round(waited / 1000)} s.`;
  return new StepFailure(message, { class: 'unhealthy', lines: said ? said.split('\n').slice(-10) : [] });
}
