import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Context, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack, withStillJobs } from '../stack/desired.ts';
import { serviceHealthcheck, timeToUnhealthy } from '../stack/healthcheck.ts';
import type { DesiredStack } from '../stack/model.ts';
import { counted, listed, sayDuration } from '../stack/words.ts';
import { askedContainers, askedServices } from './ask.ts';
import { type Found, failure, found, unknowns } from './report.ts';
import type { Asked } from './select.ts';
import { watchServices } from './watch-services.ts';

export type WaitParams = {
  services?: string[];
  containers?: string[];
  stable_for: number;
  deadline?: number;
  every: number;
};

/** How long it takes at least; refuses what could never succeed. */
export async function planWait(params: WaitParams, look: Look): Promise<Change[]> {
  if (params.services && params.containers) {
    throw new Refusal('no-go', 'health.wait is to wait for services and for containers at the same time.', {
      hint: 'Give it `services` or `containers`.',
    });
  }
  const desired = await desiredStack(look);
  refuseUnknown(params.services ?? [], desired);
  const services = params.containers ? await servicesOf(params.containers, look) : params.services;
  const { deadline } = params;
  if (deadline !== undefined) await refuseTooShort({ ...(services && { services }), deadline }, { desired, look });
  const target = params.containers ? counted(params.containers.length, 'container') : sayServices(params.services);
  const because = [`it must be good for ${sayDuration(params.stable_for)} without a break`];
  return [{ verb: 'wait', target, because, certainty: 'certain', takes: params.stable_for }];
}

function sayServices(services: readonly string[] | undefined): string {
  return services ? listed(services) : 'every service';
}

/** Of containers that are there, and of those that a plan names before they are: `<new web 1>`. */
async function servicesOf(containers: readonly string[], look: Look): Promise<string[]> {
  const docker = await dockerReader(look);
  const names = await Promise.all(
    containers.map(async (id) =>
      id.startsWith('<')
        ? /^<new (.+) \d+>$/.exec(id)?.[1]
        : (await docker.container(id))?.Config.Labels?.['com.docker.compose.service'],
    ),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
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
  { services, deadline }: { services?: readonly string[]; deadline: number },
  { desired, look }: { desired: DesiredStack; look: Look },
): Promise<void> {
  const docker = await dockerReader(look);
  for (const service of Object.values(desired.services)) {
    if (service.job || (services && !services.includes(service.name))) continue;
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

async function askedNow(params: WaitParams, context: Context, desired: DesiredStack): Promise<Asked[]> {
  const { changed, before, look } = context;
  const { stable_for, services, containers } = params;
  if (containers) {
    const found = await Promise.all(containers.map((id) => containerOfStack(id, desired.project, look)));
    return askedContainers(found, { stable_for, changed });
  }
  // A release is put back without its jobs being run.
  const wanted = look.release ? withStillJobs(desired) : desired;
  return askedServices(wanted, { stable_for, changed, ...(before && { before }), ...(services && { services }) });
}

async function containerOfStack(id: string, project: string, look: Look): Promise<{ id: string; service: string }> {
  const docker = await dockerReader(look);
  const labels = (await docker.container(id))?.Config.Labels;
  const service = labels?.['com.docker.compose.service'];
  if (service !== undefined && labels?.['com.docker.compose.project'] === project) return { id, service };
  const message = `health.wait is to wait for the container ${id.slice(0, 12)}, but the stack has none of this ID.`;
  throw new StepFailure(message, { class: 'not-found', hint: 'Has something removed it meanwhile?' });
}

export async function runWait(params: WaitParams, context: Context): Promise<Found> {
  const started = context.clock.now();
  const docker = await dockerReader(context.look);
  const desired = await desiredStack(context.look);
  const asked = await askedNow(params, context, desired);
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
