import { isLive } from '../container.ts';
import { graphOf } from '../desired.ts';
import type { DesiredStack, ObservedContainer, ObservedStack, ServiceDecision } from '../model.ts';
import { closure, connectedGroups } from '../order.ts';

/** What is to be done to one service, with its containers in hand. */
export type Work = {
  service: string;
  job: boolean;
  decision: ServiceDecision;
  /** Stopped and kept for the way back; what stands still already is among them. */
  retire: ObservedContainer[];
  /** Started as they are. */
  start: string[];
  /** How many new ones Compose makes. */
  make: number;
};

/** The decisions that this step is about: the named services with all they need; every service where none is named. */
export function chosen(
  decisions: readonly ServiceDecision[],
  desired: DesiredStack,
  services: readonly string[] | undefined,
): ServiceDecision[] {
  if (services === undefined || services.length === 0) return [...decisions];
  const wanted = closure(graphOf(desired.model), services);
  return decisions.filter((decision) => wanted.has(decision.service));
}

/** Everything that is not as it should be, in the order of dependency. */
export function worksOf(decisions: readonly ServiceDecision[], desired: DesiredStack, observed: ObservedStack): Work[] {
  return decisions
    .filter((decision) => decision.verb !== 'keep' || decision.leftovers.length > 0)
    .map((decision) => ({
      service: decision.service,
      job: desired.services[decision.service]?.job ?? false,
      decision,
      retire: (observed.services[decision.service] ?? []).filter(({ id }) =>
        [...decision.replace, ...decision.surplus].includes(id),
      ),
      start: decision.start,
      make: decision.replace.length + decision.add,
    }));
}

/** Services that must be changed and put back together: one needs the other, or takes over its port. */
export function groupsOf(works: readonly Work[], desired: DesiredStack): string[][] {
  const takeovers = works.flatMap((work) =>
    portHolders(work, works, desired).map((holder): [string, string] => [work.service, holder]),
  );
  return connectedGroups(
    works.map(({ service }) => service),
    graphOf(desired.model),
    takeovers,
  );
}

/** Services whose containers hold, until they are stopped, a port that this one will publish. */
export function portHolders(work: Work, works: readonly Work[], desired: DesiredStack): string[] {
  const wanted = new Set(
    (desired.services[work.service]?.config.ports ?? []).map((port) => `${port.published}/${port.protocol ?? 'tcp'}`),
  );
  return works
    .filter((other) => other.service !== work.service)
    .filter((other) => other.retire.some((container) => publishedPorts(container).some((port) => wanted.has(port))))
    .map((other) => other.service);
}

/** `8080/tcp` for every port of the host that a live container publishes. */
export function publishedPorts(container: ObservedContainer): string[] {
  if (!isLive(container)) return [];
  const bindings = container.inspect.HostConfig.PortBindings as Record<string, { HostPort?: string }[] | null> | null;
  return Object.entries(bindings ?? {}).flatMap(([port, hosts]) =>
    (hosts ?? []).flatMap(({ HostPort }) => (HostPort ? [`${HostPort}/${port.split('/')[1] ?? 'tcp'}`] : [])),
  );
}

/**
 * The numbers for `create --scale`: what is there (`ps -a`) and what comes, for every service in the dependency closure.
 * A service left out would be brought to the scale of the file, which can remove a container just made (proofs.md §1).
 */
export function scales(works: readonly Work[], desired: DesiredStack, observed: ObservedStack): Record<string, number> {
  const making = works.filter((work) => work.make > 0);
  const all = closure(
    graphOf(desired.model),
    making.map(({ service }) => service),
  );
  return Object.fromEntries(
    desired.order
      .filter((service) => all.has(service))
      .map((service) => {
        const work = works.find((candidate) => candidate.service === service);
        const present = (observed.services[service] ?? []).length - (work?.decision.leftovers.length ?? 0);
        return [service, present + (work?.make ?? 0)];
      }),
  );
}

/** Compose refuses two containers of a service with a `container_name`: those are made under another name first. */
export function needsOtherName(work: Work, desired: DesiredStack, observed: ObservedStack): boolean {
  const name = desired.services[work.service]?.config.container_name;
  const present = (observed.services[work.service] ?? []).length - work.decision.leftovers.length;
  return name !== undefined && work.make > 0 && present > 0;
}
