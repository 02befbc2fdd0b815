import { StepFailure } from '../../../src/errors.ts';
import { keepEvidence } from '../evidence.ts';
import type { Up } from './create.ts';

/** Starts one container; where that fails, says why, and who is in the way if it is a port. */
export async function startContainer(id: string, service: string, up: Up): Promise<void> {
  try {
    await up.docker.start(id);
  } catch (error) {
    up.context.signal.throwIfAborted();
    if (!(error instanceof StepFailure) || error.class === 'unavailable') throw error;
    await keepEvidence(up.context, id);
    throw await startFailure(error, service, up);
  }
}

/** Looks once after the start: what has ended by then was not worth waiting for. */
export async function checkStillThere(ids: readonly string[], service: string, up: Up): Promise<void> {
  for (const id of ids) {
    const inspect = await up.docker.container(id);
    if (inspect?.State.Status !== 'exited' || inspect.State.ExitCode === 0) continue;
    await keepEvidence(up.context, id);
    const lines = await up.docker.logs(id, { tail: 10 });
    const message = `${service} ended with exit code ${inspect.State.ExitCode} right after its start.`;
    throw new StepFailure(message, { class: 'exit', lines });
  }
}

async function startFailure(error: StepFailure, service: string, up: Up): Promise<StepFailure> {
  const port = /(?:bind for|listen \w+) [^ ]*?:(\d+)/i.exec(error.message)?.[1];
  if (port === undefined || !/already (allocated|in use)/i.test(error.message)) {
    return new StepFailure(`${service} could not be started. ${error.message}`, { class: error.class, cause: error });
  }
  const holder = await holderOf(Number(port), up);
  const by = holder === undefined ? 'by a process outside of Docker, it seems' : `by the container ${holder}`;
  return new StepFailure(`${service} could not be started: port ${port} is taken, ${by}.`, {
    class: 'conflict',
    hint: `Free port ${port}, or publish ${service} on another one.`,
    cause: error,
  });
}

async function holderOf(port: number, { docker }: Up): Promise<string | undefined> {
  const running = await docker.containers({ running: true });
  const holder = running.find((container) => container.Ports.some((published) => published.PublicPort === port));
  return holder?.Names[0]?.replace(/^\//, '');
}
