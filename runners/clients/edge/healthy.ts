import { StepFailure } from '../../../src/errors.ts';
import type { Context } from '../../../src/runner/contract.ts';
import type { DockerReader } from '../docker-types.ts';
import type { EdgeWish } from './types.ts';

/**
 * For a proxy that does not check by itself: waits until the engine says that those to be let in are healthy, at most `within`
 * milliseconds. One without a healthcheck only has to run. A StepFailure('unhealthy') else.
 */
export async function awaitHealthy(
  docker: Pick<DockerReader, 'container'>,
  { look, signal }: Context,
  wishes: readonly EdgeWish[],
  within: number,
): Promise<void> {
  const end = look.clock.now() + within;
  for (const { container } of wishes.filter(({ state }) => state === 'ready')) {
    for (let why = await objection(docker, container); why !== undefined; why = await objection(docker, container)) {
      if (why.final || look.clock.now() > end) throw new StepFailure(why.say, { class: 'unhealthy' });
      await look.clock.sleep(50, signal);
    }
  }
}

/** Why the container can get no requests now; `final`: waiting does not help. */
async function objection(
  docker: Pick<DockerReader, 'container'>,
  id: string,
): Promise<{ say: string; final: boolean } | undefined> {
  const inspect = await docker.container(id);
  if (!inspect) return { say: `the container ${id.slice(0, 12)} is gone: it cannot get requests`, final: true };
  const name = inspect.Name.replace(/^\//, '');
  const { Running, Paused, Health } = inspect.State;
  if (!Running) return { say: `${name} does not run: it cannot get requests`, final: true };
  if (Paused) return { say: `${name} is paused: it cannot get requests`, final: true };
  const status = Health?.Status ?? 'none';
  return ['healthy', 'none'].includes(status) ? undefined : { say: `${name} is ${status}, not healthy`, final: false };
}
