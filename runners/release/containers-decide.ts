import { isLive, neededBy } from '../stack/container.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { topological } from '../stack/order.ts';

/** What has to happen so that exactly the containers of a release are there again. */
export type ContainersDecision = {
  /** A service stands after everything it depends on; those that the release lacks are among them. */
  services: ServiceBack[];
  /** Stopped, and removed once there is no way back. */
  retire: ObservedContainer[];
};

export type ServiceBack = {
  service: string;
  verb: 'keep' | 'start' | 'recreate' | 'remove';
  because: string;
  /** Something of it that serves now is stopped first. */
  stops: boolean;
  /** Its containers in the release, and those it has now. */
  kept: ObservedContainer[];
  now: ObservedContainer[];
};

/** Compares by ID: a container of the release that is still there is the very one. Pure. */
export function decideContainers(
  kept: readonly ObservedContainer[],
  now: readonly ObservedContainer[],
): ContainersDecision {
  const wanted = new Set(kept.map(({ id }) => id));
  const retire = now.filter(({ id }) => !wanted.has(id));
  const services = inOrder([...kept, ...now]).map((service) =>
    decideService(
      service,
      kept.filter((container) => container.service === service),
      now.filter((container) => container.service === service),
    ),
  );
  return { services, retire };
}

function decideService(service: string, kept: ObservedContainer[], now: ObservedContainer[]): ServiceBack {
  const there = new Map(now.map((container) => [container.id, container]));
  const others = now.filter(({ id }) => !kept.some((container) => container.id === id));
  const stops = others.some(isLive) || kept.some((was) => !isLive(was) && isLiveNow(there.get(was.id)));
  const known = { service, stops, kept, now };
  if (kept.length === 0) return { ...known, verb: 'remove', because: 'the release does not have it' };
  if (kept.some(({ id }) => !there.has(id)))
    return { ...known, verb: 'recreate', because: 'its container is gone, and is made again as it was' };
  if (kept.some((was) => isLive(was) && !isLiveNow(there.get(was.id))))
    return { ...known, verb: 'start', because: 'its container is still here, stopped' };
  if (others.length > 0 || stops)
    return { ...known, verb: 'start', because: 'others than its own containers are there' };
  return { ...known, verb: 'keep', because: 'it is the container of the release' };
}

function isLiveNow(container: ObservedContainer | undefined): boolean {
  return container !== undefined && isLive(container);
}

/** As the containers say it themselves, for the files may say something else by now. */
function inOrder(containers: readonly ObservedContainer[]): string[] {
  const graph: Record<string, string[]> = {};
  for (const { service, inspect } of containers)
    graph[service] = [...(graph[service] ?? []), ...neededBy(inspect).map(([name]) => name)];
  return topological(graph).order;
}
