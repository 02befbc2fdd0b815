import { Refusal } from '../../src/errors.ts';
import { isLive } from '../stack/container.ts';
import { graphOf, sharedBy } from '../stack/desired.ts';
import type { DesiredStack, ObservedContainer, ObservedStack, ServiceDecision } from '../stack/model.ts';
import { connectedGroups } from '../stack/order.ts';
import { type Facts, hasHealthcheck, makeBlocker, overlapBlocker } from './blockers.ts';
import { callsAcross } from './colours.ts';
import { type Order, policyOf } from './compose-policy.ts';
import { type Ordered, orderOf } from './orders.ts';
import { placesOf } from './places.ts';

export type Way = 'rolling' | 'blue-green';
export type StrategyParams = {
  services?: string[];
  batch?: (number | string)[];
  /** Milliseconds; 0 and left out: as the Compose file says. */
  delay?: number;
  order: Order | 'auto';
  way: Way;
};

/** How one service is replaced; `batch` and `delay` as a loop takes them. `replicas` are full container IDs, lowest number first. */
export type Replaced = {
  name: string;
  order: Order;
  because: string;
  edge: boolean;
  batch: string[];
  delay: string;
  replicas: string[];
};

/** A service that `compose.up` has to bring up, and why not in batches. */
export type Left = { name: string; when: 'before' | 'after'; because: string };

export type Decided = {
  services: Replaced[];
  left: Left[];
  /** Per service: what its Compose file asks for and is not followed. */
  notes: Record<string, string[]>;
};

type Question = {
  desired: DesiredStack;
  observed: ObservedStack;
  decisions: readonly ServiceDecision[];
  params: StrategyParams;
};

const defaultBatch = ['1', '25%', '50%'];

/** How each service that changes is replaced, with the reason; in the order of dependency. Pure. */
export function decideStrategy({ desired, observed, decisions, params }: Question): Decided {
  const facts = new Map(decisions.map((decision) => [decision.service, factsOf(decision, desired, observed)]));
  const reasons = new Map<string, string>();
  const rollable = decisions.filter((decision) => {
    const because = whyLeft(decision, { facts, observed, params });
    if (because !== undefined) reasons.set(decision.service, because);
    return because === undefined && staysListed(decision, { desired, observed });
  });
  const others = decisions.filter(({ service, verb }) => reasons.has(service) && verb !== 'keep');
  const graph = graphOf(desired.model);
  const places = placesOf({
    order: desired.order,
    graph,
    rollable: rollable.map(({ service }) => service),
    others: others.map(({ service }) => service),
    together: sharingGroups(desired),
  });
  const because = (name: string) => places.moved[name] ?? reasons.get(name) ?? '';
  const services = places.rolled.flatMap((name) => {
    const decision = rollable.find(({ service }) => service === name);
    const known = facts.get(name);
    return decision && known ? [replacedService(known, replicasOf(decision, { desired, observed }), params)] : [];
  });
  if (params.way === 'blue-green') refuseColours(services, desired);
  return {
    services,
    left: [
      ...places.before.map((name): Left => ({ name, when: 'before', because: because(name) })),
      ...places.after.map((name): Left => ({ name, when: 'after', because: because(name) })),
    ],
    notes: Object.fromEntries(
      services.map(({ name }) => [name, notesOf(desired.services[name]?.config ?? {}, params)] as const),
    ),
  };
}

function factsOf(decision: ServiceDecision, desired: DesiredStack, observed: ObservedStack): Facts | undefined {
  const service = desired.services[decision.service];
  if (!service) return undefined;
  const containers = (observed.services[decision.service] ?? []).filter(isLive);
  const image = observed.images[decision.image_id ?? ''] ?? observed.images[service.image];
  const sharers = Object.values(desired.services).flatMap(({ name, config }) =>
    sharedBy(config).includes(decision.service) ? [name] : [],
  );
  return { service, image: image ?? observed.images[containers[0]?.image_id ?? ''], containers, sharers };
}

type Asked = {
  facts: ReadonlyMap<string, Facts | undefined>;
  observed: ObservedStack;
  params: StrategyParams;
};

/** Why `compose.up` sees to it; undefined where it is replaced in batches, or nothing happens to it. */
function whyLeft(decision: ServiceDecision, { facts, observed, params }: Asked): string | undefined {
  const known = facts.get(decision.service);
  if (!known) return undefined;
  if (known.service.job) return 'it is a job';
  if (params.way === 'blue-green' && !known.service.marks.edge)
    return 'it stands behind no edge, so it does not double';
  const runs = liveOutdated(decision, observed).length > 0;
  const blocker = makeBlocker(known);
  if (params.way === 'blue-green' && runs) refuseSingle(known, blocker);
  if (blocker !== undefined) return blocker;
  const fine = decision.verb === 'keep' || runs;
  return fine ? undefined : whyNotRunning(decision);
}

/** Who asked for a switch without a gap must not get one with a gap instead. */
function refuseSingle(facts: Facts, blocker: string | undefined): void {
  const blind = hasHealthcheck(facts) ? undefined : 'it has no healthcheck, so green could not prove itself';
  const because = blocker ?? overlapBlocker(facts) ?? blind;
  if (because === undefined) return;
  throw new Refusal('no-go', `${facts.service.name} stands behind an edge, but it cannot double: ${because}.`, {
    hint: 'Use rolling-update, or name the services that can in `services`.',
  });
}

function whyNotRunning({ verb, because }: ServiceDecision): string {
  if (verb === 'create') return 'it is new';
  return because[0] ?? 'none of it runs';
}

/** A service that is built stays in the list even where nothing comes of it: loops are planned before the build is known. */
function staysListed(
  decision: ServiceDecision,
  { desired, observed }: Pick<Question, 'desired' | 'observed'>,
): boolean {
  const built = desired.services[decision.service]?.config.build !== undefined;
  return built || replicasOf(decision, { desired, observed }).length > 0;
}

/** F28: only what lives counts. What is too many is left to `compose.up`. */
function replicasOf(
  decision: ServiceDecision,
  { desired, observed }: Pick<Question, 'desired' | 'observed'>,
): ObservedContainer[] {
  const outdated = liveOutdated(decision, observed);
  const live = (observed.services[decision.service] ?? []).filter(isLive);
  const places = (desired.services[decision.service]?.replicas ?? 0) - (live.length - outdated.length);
  return outdated.slice(0, Math.max(0, places));
}

function liveOutdated(decision: ServiceDecision, observed: ObservedStack): ObservedContainer[] {
  return (observed.services[decision.service] ?? [])
    .filter((container) => isLive(container) && decision.outdated.includes(container.id))
    .toSorted((a, b) => a.number - b.number);
}

function sharingGroups(desired: DesiredStack): string[][] {
  const pairs = Object.values(desired.services).flatMap(({ name, config }) =>
    sharedBy(config).map((parent): [string, string] => [name, parent]),
  );
  const names = Object.keys(desired.services);
  return connectedGroups(names, Object.fromEntries(names.map((name) => [name, []])), pairs);
}

function replacedService(facts: Facts, replicas: readonly ObservedContainer[], params: StrategyParams): Replaced {
  const { name, config, marks } = facts.service;
  const policy = policyOf(config);
  const doubles = params.way === 'blue-green';
  const { order, because } = orderIn(facts, replicas.length, params);
  const asked = params.batch && params.batch.length > 0 ? params.batch.map(String) : policy.batch;
  const all = doubles ? ['100%'] : (asked ?? defaultBatch);
  return {
    name,
    order,
    because,
    edge: marks.edge !== undefined,
    batch: replicas.length > 1 ? all : ['1'],
    delay: `${doubles ? 0 : params.delay || (policy.delay ?? 0)}ms`,
    replicas: replicas.map(({ id }) => id),
  };
}

/** What nothing happens to is not judged: it may well be something that must never start first. */
function orderIn(facts: Facts, replicas: number, { way, order }: StrategyParams): Ordered {
  if (replicas === 0) return { order: 'stop-first', because: 'nothing of it changes' };
  if (way === 'rolling') return orderOf(facts, order);
  const driver = facts.service.marks.edge?.driver ?? 'the edge';
  return { order: 'start-first', because: `${driver} in front of it is switched over at once` };
}

/** Sizes and pauses say nothing where all replicas double at once. */
function notesOf(config: DesiredStack['services'][string]['config'], { way }: StrategyParams): string[] {
  const policy = policyOf(config);
  const unused =
    way === 'blue-green' && (policy.batch ?? policy.order ?? policy.delay) !== undefined
      ? ['update_config is not followed in a blue-green switch: all replicas double at once']
      : [];
  return [...unused, ...policy.notes];
}

function refuseColours(services: readonly Replaced[], desired: DesiredStack): void {
  const doubling = services.flatMap(({ name, replicas }) =>
    replicas.length > 0 ? (desired.services[name] ?? []) : [],
  );
  const calls = callsAcross(doubling);
  if (calls) {
    throw new Refusal(
      'no-go',
      `${calls.from} calls ${calls.to} by name (${calls.how}), and both would double: its new containers would reach old ones of ${calls.to}.`,
      { hint: 'Use rolling-update, or switch them one after the other: name one of them in `services`.' },
    );
  }
  if (Object.values(desired.services).some(({ marks }) => marks.edge)) return;
  throw new Refusal('no-go', 'No service of this stack stands behind an edge, so there is nothing to switch.', {
    hint: 'Say `x-playbook: { edge: … }` in a service that has a proxy in front of it, or use rolling-update.',
  });
}
