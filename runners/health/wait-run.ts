import { Refusal } from '../../src/errors.ts';
import type { Change, Context, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack, withStillJobs } from '../stack/desired.ts';
import { serviceHealthcheck, timeToUnhealthy } from '../stack/healthcheck.ts';
import type { DesiredStack } from '../stack/model.ts';
import { listed, sayDuration } from '../stack/words.ts';
import { askedServices } from './ask.ts';
import { type Found, failure, found, unknowns } from './report.ts';
import { watchServices } from './watch-services.ts';

export type WaitParams = { services?: string[]; stable_for: number; deadline?: number; every: number };

/** How long it takes at least; refuses what could never succeed. */
export async function planWait(params: WaitParams, look: Look): Promise<Change[]> {
  const desired = await desiredStack(look);
  refuseUnknown(params.services ?? [], desired);
  if (params.deadline !== undefined) await refuseTooShort(params, params.deadline, { desired, look });
  const target = params.services ? listed(params.services) : 'every service';
  const because = [`it must be good for ${sayDuration(params.stable_for)} without a break`];
  return [{ verb: 'wait', target, because, certainty: 'certain', takes: params.stable_for }];
}

function refuseUnknown(services: readonly string[], desired: DesiredStack): void {
  const unknown = services.find((service) => !desired.services[service]);
  if (unknown === undefined) return;
  throw new Refusal('no-go', `health.wait is to wait for ${unknown}, but the stack has no such service.`, {
    hint: `Its services are ${listed(Object.keys(desired.services))}; those of an inactive profile do not count.`,
  });
}

/** A deadline that ends before the healthcheck can say "unhealthy" would fail a service that is only slow (F21). */
async function refuseTooShort(
  params: WaitParams,
  deadline: number,
  { desired, look }: { desired: DesiredStack; look: Look },
): Promise<void> {
  const docker = await dockerReader(look);
  for (const service of Object.values(desired.services)) {
    if (service.job || (params.services && !params.services.includes(service.name))) continue;
    const image = await docker.image(service.image);
    const check = serviceHealthcheck(service.config.healthcheck, image?.Config?.Healthcheck);
    const needed = check ? timeToUnhealthy(check) : 0;
    if (needed <= deadline) continue;
    throw new Refusal(
      'no-go',
      `The healthcheck of ${service.name} can take ${sayDuration(needed)} to give its answer, but health.wait has a deadline of ${sayDuration(deadline)}.`,
      { hint: `Take the deadline away, or make it at least ${sayDuration(needed)}.` },
    );
  }
}

export async function runWait(params: WaitParams, context: Context): Promise<Found> {
  const started = context.clock.now();
  const docker = await dockerReader(context.look);
  const wanted = await desiredStack(context.look);
  // A release is put back without its jobs being run.
  const desired = context.look.release ? withStillJobs(wanted) : wanted;
  const { changed, before } = context;
  const asked = askedServices(desired, {
    stable_for: params.stable_for,
    changed,
    ...(before && { before }),
    ...(params.services && { services: params.services }),
  });
  const watched = await watchServices({
    docker,
    project: desired.project,
    asked,
    every: params.every,
    clock: context.clock,
    signal: context.signal,
    progress: (progress) => context.progress(progress),
    ...(params.deadline !== undefined && { deadline: params.deadline }),
  });
  // Cancelled: the look cannot read any more, and nobody asks for a reason.
  if (watched.stopped) context.look.signal.throwIfAborted();
  if (watched.stopped || watched.verdicts.some(({ verdict }) => verdict === 'failed')) {
    throw await failure(context, docker, watched);
  }
  const unknown = unknowns(asked, watched.verdicts);
  if (unknown !== undefined) context.log(unknown);
  return found(watched.verdicts, context.clock.now() - started);
}
