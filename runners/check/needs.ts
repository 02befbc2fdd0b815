import type { Change } from '../../src/runner/contract.ts';
import type { ComposeService } from '../clients/compose-types.ts';
import type { DesiredStack, ObservedStack, ServiceDecision } from '../stack/model.ts';

/** What the run needs on top of what is used now. Bytes, but for `cpus`; `growing` are images that will come. */
export type Needs = { memory: number; disk: number; cpus: number; containers: number; growing: string[] };

type Limits = { memory: number; cpus: number };

/**
 * Counts what will run beside what runs now: containers that are added, by what they reserve (else their limit), and the
 * growth of those that replace another one. Disk: an image that comes is taken to be as big as the one it replaces. Pure.
 */
export function additionalNeeds(
  desired: Pick<DesiredStack, 'services'>,
  observed: Pick<ObservedStack, 'services' | 'images'>,
  planned: { decisions: readonly ServiceDecision[]; earlier: readonly Change[] },
): Needs {
  const needs: Needs = { memory: 0, disk: 0, cpus: 0, containers: 0, growing: [] };
  for (const decision of planned.decisions) {
    const service = desired.services[decision.service];
    if (!service) continue;
    const wants = reserved(service.config);
    needs.containers += decision.add + decision.replace.length;
    needs.memory += decision.add * wants.memory;
    needs.cpus += decision.add * wants.cpus;
    for (const id of decision.replace) {
      const old = observed.services[decision.service]?.find((container) => container.id === id);
      const had = old?.inspect.HostConfig.MemoryReservation || old?.inspect.HostConfig.Memory || 0;
      needs.memory += had === 0 ? 0 : Math.max(0, wants.memory - had);
    }
  }
  const surge = largestSurge(desired, planned.earlier);
  needs.memory += surge.memory;
  needs.cpus += surge.cpus;
  for (const image of comingImages(planned.earlier)) {
    needs.growing.push(image);
    needs.disk += sizeOfPredecessor(image, desired, observed);
  }
  return needs;
}

/**
 * What new containers take that run beside the old ones until those are stopped: a batch of a rolling update, or a whole
 * colour. The steps before tell by `binds` (`replicas.start`, `replicas.stop`).
 */
function largestSurge(desired: Pick<DesiredStack, 'services'>, earlier: readonly Change[]): Limits {
  const now: Limits = { memory: 0, cpus: 0 };
  const most: Limits = { memory: 0, cpus: 0 };
  for (const { verb, target, binds } of earlier) {
    const service = desired.services[target];
    const started = verb === 'recreate' && binds?.['order'] === 'start-first' ? binds['replaces'] : undefined;
    const ids = started ?? (verb === 'stop' ? binds?.['containers'] : undefined);
    if (!service || ids === undefined) continue;
    const wants = reserved(service.config);
    const count = ids.split(' ').length * (started === undefined ? -1 : 1);
    now.memory += count * wants.memory;
    now.cpus += count * wants.cpus;
    most.memory = Math.max(most.memory, now.memory);
    most.cpus = Math.max(most.cpus, now.cpus);
  }
  return most;
}

/** Images that steps before will pull or build. */
function comingImages(earlier: readonly Change[]): string[] {
  const coming = earlier.filter(({ verb }) => verb === 'pull' || verb === 'build');
  return [...new Set(coming.map(({ target }) => target.replace(/^image /, '')))];
}

function sizeOfPredecessor(
  image: string,
  desired: Pick<DesiredStack, 'services'>,
  observed: Pick<ObservedStack, 'services' | 'images'>,
): number {
  const here = observed.images[image]?.Size;
  if (here !== undefined) return here;
  const users = Object.values(desired.services).filter((service) => service.image === image);
  const sizes = users.flatMap(({ name }) =>
    (observed.services[name] ?? []).map(({ image_id }) => observed.images[image_id]?.Size ?? 0),
  );
  return Math.max(0, ...sizes);
}

/** What a container of the service is sure to take: its reservation, else its limit. */
export function reserved(config: ComposeService): Limits {
  const { reservations, limits } = resourcesOf(config);
  const memory = reservations.memory || bytes(config['mem_reservation']) || limits.memory || bytes(config.mem_limit);
  return { memory, cpus: reservations.cpus };
}

/** The most that a container of the service may take; 0 where nothing limits it. */
export function limited(config: ComposeService): Limits {
  const { limits } = resourcesOf(config);
  return { memory: limits.memory || bytes(config.mem_limit), cpus: limits.cpus || Number(config['cpus'] ?? 0) };
}

function resourcesOf(config: ComposeService): { reservations: Limits; limits: Limits } {
  const resources = record(config.deploy?.resources);
  return { reservations: limitsOf(resources['reservations']), limits: limitsOf(resources['limits']) };
}

function limitsOf(value: unknown): Limits {
  const { memory, cpus } = record(value);
  return { memory: bytes(memory), cpus: Number(cpus ?? 0) };
}

/** Compose prints bytes as text. */
function bytes(value: unknown): number {
  return typeof value === 'string' || typeof value === 'number' ? Number(value) || 0 : 0;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
