import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { listed } from '../stack/words.ts';
import { judgeRestarts, type Restarts, restartsAtFirst } from './restarts-decide.ts';
import { heartbeat, stackRounds } from './stack-rounds.ts';
import { replicasOfStack, type WatchedStack, watchedStack } from './watched-stack.ts';

export type RestartsParams = { more_than: number; services?: string[] };

const telling = /^(start|die|oom|restart)\b/;

/** Counts from when the watch began; the engine's own count is older than the run. */
export function runRestarts(params: RestartsParams, watching: Watching): AsyncIterable<Sample> {
  let restarts: Restarts = restartsAtFirst(watching.baseline?.values);
  const oom: Record<string, number> = {};
  return stackRounds({
    watching,
    ...(params.services && { services: params.services }),
    news: {
      types: ['container'],
      hear({ action, id }) {
        if (action === 'oom') oom[id] = (oom[id] ?? 0) + 1;
        return telling.test(action);
      },
    },
    async turn({ docker, stack, ahead }) {
      const replicas = await replicasOfStack(docker, withoutJobs(stack));
      const at = watching.look.clock.now();
      const times = { at, now: at + ahead, since: watching.since + ahead };
      const judged = judgeRestarts(replicas, { ...times, before: restarts, oom, more_than: params.more_than });
      restarts = judged.restarts;
      return { sample: judged.sample, next: heartbeat };
    },
  });
}

/** What crashed already before the run does so with the old version. */
export async function restartsBefore(params: RestartsParams, look: Look): Promise<Baseline> {
  const stack = await watchedStack(look, params.services);
  const replicas = await replicasOfStack(await dockerReader(look), withoutJobs(stack));
  const aside = [...new Set(replicas.filter(({ state }) => state === 'restarting').map(({ service }) => service))];
  if (aside.length === 0) return { bad: false, say: 'nothing kept crashing' };
  return { bad: true, say: `${listed(aside)} kept crashing`, values: { aside } };
}

/** A job may be tried again and again until what it needs is there. */
function withoutJobs(stack: WatchedStack): WatchedStack {
  return { ...stack, services: stack.services.filter(({ job }) => !job) };
}
