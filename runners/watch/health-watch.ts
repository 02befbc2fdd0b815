import type { Baseline, Look, Sample, Watching } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { serviceHealthcheck, timeToUnhealthy } from '../stack/healthcheck.ts';
import { sayDuration } from '../stack/words.ts';
import { type Health, healthAtFirst, judgeHealth, statesOf } from './health-decide.ts';
import { objectToServices } from './services.ts';
import { heartbeat, type Scene, stackRounds } from './stack-rounds.ts';
import { replicasOfStack, watchedStack } from './watched-stack.ts';

export type HealthParams = { for: number; services?: string[] };

/** Probes make three events each (`exec_…`), and they change nothing by themselves. */
const telling = /^(health_status|start|die|oom|kill|stop|restart|pause|unpause|create|destroy)\b/;

/** The engine's events say when to look; what is so, only inspect says. */
export function runHealth(params: HealthParams, watching: Watching): AsyncIterable<Sample> {
  let health: Health = healthAtFirst(watching.baseline?.values);
  return stackRounds({
    watching,
    ...(params.services && { services: params.services }),
    news: { types: ['container'], hear: ({ action }) => telling.test(action) },
    lost: () => {
      health = { ...health, bad_since: {} };
    },
    async turn({ docker, stack }: Scene) {
      const replicas = await replicasOfStack(docker, stack);
      const at = watching.look.clock.now();
      const judged = judgeHealth(stack.services, replicas, { at, before: health, for: params.for });
      health = judged.health;
      return { sample: judged.sample, next: Math.min(heartbeat, judged.due ?? heartbeat) };
    },
  });
}

/** Names what was bad before the run: that nobody can blame on it. A service that has no container yet is no fault. */
export async function healthBefore(params: HealthParams, look: Look): Promise<Baseline> {
  const stack = await watchedStack(look, params.services);
  const replicas = await replicasOfStack(await dockerReader(look), stack);
  const states = statesOf(stack.services, replicas);
  const aside = states.filter(({ now }) => now !== 'good').map(({ service }) => service);
  const bad = states.filter(({ now, service }) => now === 'bad' && replicas.some((one) => one.service === service));
  const say = bad.length > 0 ? bad.map((one) => `${one.service} ${one.say}`).join('; ') : 'nothing was unhealthy';
  return { bad: bad.length > 0, say, values: { aside } };
}

/** A window in which a healthcheck cannot get as far as "unhealthy" would find nothing bad, whatever happens (F21). */
export async function objectToHealth(params: HealthParams, look: Look, window: number): Promise<string | undefined> {
  const unknown = await objectToServices(params, look);
  if (unknown !== undefined) return unknown;
  const [desired, docker] = await Promise.all([desiredStack(look), dockerReader(look)]);
  let slowest: { service: string; needs: number } | undefined;
  for (const service of Object.values(desired.services)) {
    if (service.job || service.replicas === 0 || params.services?.includes(service.name) === false) continue;
    const image = service.config.healthcheck?.test ? undefined : await docker.image(service.image);
    const check = serviceHealthcheck(service.config.healthcheck, image?.Config?.Healthcheck);
    // Once a probe has passed, its start period is over.
    const needs = check ? timeToUnhealthy(check) - check.start_period : 0;
    if (needs > (slowest?.needs ?? 0)) slowest = { service: service.name, needs };
  }
  if (slowest === undefined || slowest.needs + params.for <= window) return undefined;
  const { service, needs } = slowest;
  const span = sayDuration(params.for);
  return `the healthcheck of ${service} can take ${sayDuration(needs)} to say "unhealthy", and it must be so for ${span}: that does not fit into ${sayDuration(window)}`;
}
