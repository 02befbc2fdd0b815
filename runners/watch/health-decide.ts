import type { Json, Sample } from '../../src/runner/contract.ts';
import { counted, listed, sayDuration } from '../stack/words.ts';
import type { Replica } from './replica.ts';
import type { WatchedService } from './watched-stack.ts';

/** What is remembered from look to look: since when each bad service is bad, and which ones do not count yet. */
export type Health = { bad_since: Readonly<Record<string, number>>; aside: readonly string[] };

/** `starting` is neither: it has not become healthy yet, which it may. */
type ServiceState = {
  service: string;
  now: 'good' | 'starting' | 'bad';
  /** What is wrong, after its name: "is unhealthy". */
  say: string;
  unhealthy: number;
  missing: number;
  lines: string[];
};

/** What a baseline says of services that were not good before the run: they count once they have been good. */
export function healthAtFirst(baseline: Json | undefined): Health {
  const values = baseline as { aside?: string[] } | undefined;
  return { bad_since: {}, aside: values?.aside ?? [] };
}

/** Judges one look. `due`: in how many milliseconds a service will have been bad for long enough. Pure. */
export function judgeHealth(
  services: readonly WatchedService[],
  replicas: readonly Replica[],
  look: { at: number; before: Health; for: number },
): { health: Health; sample: Sample; due?: number } {
  const { at, before } = look;
  const states = statesOf(services, replicas);
  const good = new Set(states.filter(({ now }) => now === 'good').map(({ service }) => service));
  const aside = before.aside.filter((service) => !good.has(service));
  const bad = states.filter(({ now, service }) => now === 'bad' && !aside.includes(service));
  const bad_since = Object.fromEntries(bad.map(({ service }) => [service, before.bad_since[service] ?? at]));
  const since = (one: ServiceState) => at - (bad_since[one.service] ?? at);
  const long = bad.filter((one) => since(one) >= look.for);
  const waiting = bad.filter((one) => since(one) < look.for).map((one) => look.for - since(one));
  return {
    health: { bad_since, aside },
    sample: {
      at,
      bad: long.length > 0,
      say: sayStates(long.length > 0 ? long : bad, { since, states, aside }),
      values: {
        bad_for: Math.max(0, ...bad.map(since)) / 1000,
        unhealthy: sum(bad.map(({ unhealthy }) => unhealthy)),
        missing: sum(bad.map(({ missing }) => missing)),
        services: bad.map(({ service }) => service),
      },
      ...(long.length > 0 && { lines: long.flatMap(({ lines }) => lines).slice(-10) }),
    },
    ...(waiting.length > 0 && { due: Math.min(...waiting) }),
  };
}

/**
 * Service by service: a container that a step has stopped and keeps for the way back is not bad, as long as enough others
 * run. Jobs are meant to end. Pure.
 */
export function statesOf(services: readonly WatchedService[], replicas: readonly Replica[]): ServiceState[] {
  const lasting = services.filter(({ job, replicas: wanted }) => !job && wanted > 0);
  return lasting.map((service) =>
    stateOf(
      service,
      replicas.filter((one) => one.service === service.name),
    ),
  );
}

function stateOf({ name, replicas: wanted }: WatchedService, all: readonly Replica[]): ServiceState {
  const running = all.filter(({ state }) => state === 'running');
  const unhealthy = running.filter(({ health }) => health === 'unhealthy');
  const missing = Math.max(0, wanted - running.length);
  const healthy = running.filter(({ health }) => health === undefined || health === 'healthy');
  const about = { service: name, unhealthy: unhealthy.length, missing, lines: [] };
  if (unhealthy.length > 0) {
    const lines = unhealthy.flatMap(({ name: container, probe }) => probe.map((line) => `${container}: ${line}`));
    return { ...about, now: 'bad', say: sayUnhealthy(unhealthy, running), lines };
  }
  if (missing > 0) return { ...about, now: 'bad', say: sayMissing(wanted, running, all) };
  return { ...about, now: healthy.length >= wanted ? 'good' : 'starting', say: 'is good' };
}

function sayUnhealthy(unhealthy: readonly Replica[], running: readonly Replica[]): string {
  return running.length === 1 ? 'is unhealthy' : `is unhealthy (${unhealthy.length} of ${running.length} containers)`;
}

function sayMissing(wanted: number, running: readonly Replica[], all: readonly Replica[]): string {
  if (wanted > 1 && all.length > 0) return `has ${running.length} of ${counted(wanted, 'container')} running`;
  const newest = all.toSorted((a, b) => b.created_at - a.created_at)[0];
  if (newest === undefined) return 'has no container';
  if (newest.state === 'restarting') return `is down (exit code ${newest.exit_code}, it waits for its restart)`;
  if (newest.state === 'exited') return `is down (exit code ${newest.exit_code})`;
  return newest.state === 'created' ? 'is not started' : `is ${newest.state}`;
}

type Said = { since(one: ServiceState): number; states: readonly ServiceState[]; aside: readonly string[] };

function sayStates(bad: readonly ServiceState[], { since, states, aside }: Said): string {
  if (bad.length > 0) {
    return bad.map((one) => `${one.service} ${one.say} for ${sayDuration(wholeSeconds(since(one)))}`).join('; ');
  }
  const good = counted(states.length - aside.length, 'service');
  const rest = aside.length === 0 ? '' : `; ${listed(aside)} must be good once before it counts`;
  return `nothing is bad of ${good}${rest}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
