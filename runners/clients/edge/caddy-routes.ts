import { isDeepStrictEqual } from 'node:util';
import type { EdgeContainer, EdgePlace, EdgeServer, EdgeWish } from './types.ts';

/** `apps.http.servers` of Caddy's configuration, as it came; everything unknown in it is passed through. */
export type CaddyServers = Record<string, unknown>;

type Upstream = { dial: string } & Record<string, unknown>;
type Proxy = { handler: 'reverse_proxy'; '@id'?: string; upstreams?: Upstream[] } & Record<string, unknown>;

/** What is needed to tell by which name Caddy asks which container. */
export type Asked = {
  place: EdgePlace;
  containers: readonly EdgeContainer[];
  /** By what Caddy asks a container: by its name, which outlives a restart, or by its address where it shares no network. */
  dial(container: EdgeContainer): string | undefined;
  address(container: EdgeContainer): string | undefined;
};

/** What Caddy has of the service; `counts`: requests in progress by upstream. */
export function serversOf(servers: CaddyServers, counts: ReadonlyMap<string, number>, asked: Asked): EdgeServer[] {
  const proxies = proxiesOf(servers, asked);
  const server = (dial: string, container: EdgeContainer | undefined, state?: 'ready'): EdgeServer => {
    const sessions = counts.get(dial) ?? 0;
    const address = container && asked.address(container);
    return {
      name: dial,
      ...(container && { container: container.id }),
      ...(address && { address: `${address}:${asked.place.port}` }),
      state: state ?? (sessions > 0 ? 'drain' : 'out'),
      check: 'none',
      weight: 100,
      sessions,
    };
  };
  const serving = dialsOf(proxies).flatMap((dial) => {
    if (isAlias(dial, asked)) {
      return asked.containers.filter(({ running }) => running).map((each) => server(dial, each, 'ready'));
    }
    return [server(dial, containerOf(dial, asked), 'ready')];
  });
  const parked = parkedDials(servers, asked).flatMap((dial) => {
    const container = containerOf(dial, asked);
    return container ? [server(dial, container)] : [];
  });
  return [...serving, ...parked];
}

/** The servers as they shall be, or undefined where they are so already. */
export function withWishes(
  servers: CaddyServers,
  counts: ReadonlyMap<string, number>,
  wishes: readonly EdgeWish[],
  asked: Asked,
): CaddyServers | undefined {
  const next = structuredClone(servers);
  const before = serversOf(servers, counts, asked);
  const wished = new Map(wishes.map((wish) => [wish.container, wish.state]));
  const ready = asked.containers.filter(({ id, running }) => {
    const was = before.find(({ container }) => container === id)?.state;
    return (wished.get(id) ?? was) === 'ready' && (running || wished.get(id) === undefined);
  });
  const known = dialsOf(proxiesOf(servers, asked)).filter((dial) => isForeign(dial, asked));
  const dials = [...known, ...ready.flatMap((container) => asked.dial(container) ?? [])];
  proxiesOf(next, asked).forEach((proxy, index) => {
    proxy.upstreams = dials.map((dial) => proxy.upstreams?.find((each) => each.dial === dial) ?? { dial });
    proxy['@id'] ??= `${markOf(asked.place)}${index === 0 ? '' : `-${index + 1}`}`;
  });
  if (sameUpstreams(servers, next, asked)) return undefined;
  const letGo = before.flatMap(({ container, sessions, state }) => {
    const found = asked.containers.find(({ id }) => id === container);
    const still = found && !ready.includes(found) && (state === 'ready' || sessions > 0);
    return still ? (asked.dial(found) ?? []) : [];
  });
  return park(next, letGo, asked.place);
}

/** The service's `reverse_proxy` handlers: those with its `@id`, else all of the server of that name, else those that ask its containers. */
export function proxiesOf(servers: CaddyServers, asked: Asked): Proxy[] {
  const { backend } = asked.place;
  const all = proxiesIn(withoutParked(servers));
  const byId = all.filter(({ '@id': id }) => id === backend || id?.startsWith(markOf(asked.place)));
  if (byId.length > 0) return byId;
  const named = servers[backend] ? proxiesIn(servers[backend]) : [];
  if (named.length > 0) return named;
  return all.filter((proxy) => dialsOf([proxy]).some((dial) => isAlias(dial, asked) || isOurs(dial, asked)));
}

/** Whether Caddy asks the service by the name that all its containers share: each gets requests as soon as it starts. */
export function asksByAlias(servers: CaddyServers, asked: Asked): boolean {
  return dialsOf(proxiesOf(servers, asked)).some((dial) => isAlias(dial, asked));
}

/** What Caddy asks of the service although there is no such container any more. */
export function goneFrom(servers: CaddyServers, asked: Asked): string[] {
  return dialsOf(proxiesOf(servers, asked)).filter((dial) => isOurs(dial, asked) && !containerOf(dial, asked));
}

function proxiesIn(value: unknown): Proxy[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as Partial<Proxy>).handler === 'reverse_proxy' ? [value as Proxy] : [];
  return [...own, ...Object.values(value).flatMap(proxiesIn)];
}

function dialsOf(proxies: readonly Proxy[]): string[] {
  return [...new Set(proxies.flatMap(({ upstreams }) => (upstreams ?? []).map(({ dial }) => dial)))];
}

function sameUpstreams(before: CaddyServers, after: CaddyServers, asked: Asked): boolean {
  const upstreams = (servers: CaddyServers): unknown => proxiesOf(servers, asked).map((proxy) => proxy.upstreams ?? []);
  return isDeepStrictEqual(upstreams(before), upstreams(after));
}

function isAlias(dial: string, { place }: Asked): boolean {
  return dial === `${place.service}:${place.port}`;
}

function containerOf(dial: string, asked: Asked): EdgeContainer | undefined {
  const [host = '', port] = dial.split(':');
  if (port !== String(asked.place.port)) return undefined;
  const named = ({ name, id, addresses }: EdgeContainer): boolean =>
    host === name || host === id.slice(0, 12) || Object.values(addresses).includes(host);
  return asked.containers.find(named);
}

/** One of the service's containers, also of one that is gone by now. */
function isOurs(dial: string, asked: Asked): boolean {
  const { project, service, port } = asked.place;
  const prefix = `${project}-${service}-`;
  const numbered = dial.startsWith(prefix) && /^\d+$/.test(dial.slice(prefix.length, -`:${port}`.length));
  return containerOf(dial, asked) !== undefined || (numbered && dial.endsWith(`:${port}`));
}

function isForeign(dial: string, asked: Asked): boolean {
  return !isAlias(dial, asked) && !isOurs(dial, asked);
}

/**
 * Caddy forgets how many requests an upstream still has once nothing names it. So those that are let go stay named in a
 * server without a port, which nobody can reach.
 */
function park(servers: CaddyServers, dials: readonly string[], place: EdgePlace): CaddyServers {
  const { [parkOf(place)]: _, ...others } = servers;
  if (dials.length === 0) return others;
  const upstreams = dials.map((dial) => ({ dial }));
  const routes = [{ handle: [{ handler: 'reverse_proxy', upstreams }] }];
  return { ...others, [parkOf(place)]: { automatic_https: { disable: true }, routes } };
}

function parkedDials(servers: CaddyServers, { place }: Asked): string[] {
  return dialsOf(proxiesIn(servers[parkOf(place)]));
}

function withoutParked(servers: CaddyServers): CaddyServers {
  return Object.fromEntries(Object.entries(servers).filter(([name]) => !name.startsWith('playbook-drains-')));
}

const parkOf = ({ project, service }: EdgePlace): string => `playbook-drains-${project}-${service}`;
const markOf = ({ project, service }: EdgePlace): string => `playbook-${project}-${service}`;
