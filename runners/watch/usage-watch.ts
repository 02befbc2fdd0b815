import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { atMost } from '../clients/at-most.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { stackRounds } from './stack-rounds.ts';
import { judgeUsage, type Limits, limitsOf, type Reading, readingOf } from './usage-decide.ts';
import { atATime, containersOf, serviceOf, type WatchedStack, watchedStack } from './watched-stack.ts';

export type UsageParams = { every: number; of: 'limit' | 'host'; services?: string[] };

/** CPU is a difference of two readings: the second one comes this soon after the first, in milliseconds. */
const firstGap = 1_000;

/** Before the run nobody wants to wait. */
const briefGap = 250;

/** One-shot readings and differences of our own: the engine's own way takes two seconds per container. */
export function runUsage(params: UsageParams, watching: Watching): AsyncIterable<Sample> {
  const { clock } = watching.look;
  const meter = usageMeter();
  let before: Record<string, Reading> | undefined;
  return stackRounds({
    watching,
    ...(params.services && { services: params.services }),
    lost: () => {
      before = undefined;
    },
    async turn({ docker, stack, until }) {
      if (before === undefined) {
        before = await meter(docker, stack);
        await clock.sleep(Math.min(firstGap, params.every), until);
      }
      const at = clock.now();
      const now = await meter(docker, stack);
      const sample = judgeUsage(before, now, { at, of: params.of });
      before = now;
      return { sample, next: params.every };
    },
  });
}

/** What was at its limit before the run was not brought there by it. */
export async function usageBefore(params: UsageParams, look: Look): Promise<Baseline> {
  const stack = await watchedStack(look, params.services);
  const docker = await dockerReader(look);
  const meter = usageMeter();
  const before = await meter(docker, stack);
  if (Object.keys(before).length === 0) return { bad: false, say: 'nothing ran before' };
  await look.clock.sleep(briefGap, look.signal);
  const { bad, say } = judgeUsage(before, await meter(docker, stack), { at: look.clock.now(), of: params.of });
  return { bad: bad === true, say };
}

type Meter = (docker: DockerReader, stack: WatchedStack) => Promise<Record<string, Reading>>;

/** Reads every running container; what it may use is asked once. */
function usageMeter(): Meter {
  const limits = new Map<string, Limits>();
  let host_memory: number | undefined;
  return async (docker, stack) => {
    host_memory ??= Number((await docker.info())['MemTotal']);
    const memory = host_memory;
    const running = (await containersOf(docker, stack)).filter(({ State }) => State === 'running');
    const readings = await atMost(atATime, running, async (container) => {
      const id = container.Id;
      const stats = await docker.stats(id);
      if (!limits.has(id)) {
        const inspect = await docker.container(id);
        if (inspect) limits.set(id, limitsOf(inspect.HostConfig));
      }
      const about = { service: serviceOf(container), limits: limits.get(id) ?? {}, host_memory: memory };
      return [id, readingOf(stats, about)] as const;
    });
    return Object.fromEntries(readings.flatMap(([id, reading]) => (reading ? [[id, reading]] : [])));
  };
}
