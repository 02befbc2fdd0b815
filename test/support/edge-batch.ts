import { drain } from '../../runners/edge/drain.ts';
import { join } from '../../runners/edge/join.ts';
import { start } from '../../runners/replicas/start.ts';
import { stop } from '../../runners/replicas/stop.ts';
import { dockerLines } from './docker.ts';
import type { Sequence } from './replicas.ts';
import { until } from './until.ts';

/** One batch of `web` as rolling-update.yml does it: new ones beside the old, in at the edge, the old out and stopped. Gives the new ones. */
export async function replaceAtEdge(run: Sequence, old: readonly string[]): Promise<string[]> {
  const { containers } = await run.run(start, { service: 'web', replace: [...old], order: 'start-first' });
  const fresh = containers as string[];
  await until('the new ones are healthy', async () => {
    const health = await dockerLines(['inspect', '-f', '{{.State.Health.Status}}', ...fresh]);
    return health.every((each) => each === 'healthy');
  });
  await run.run(join, { service: 'web', containers: fresh, weight: 100 });
  await run.run(drain, { service: 'web', containers: [...old], within: 10_000 });
  await run.run(stop, { service: 'web', containers: [...old] });
  return fresh;
}
