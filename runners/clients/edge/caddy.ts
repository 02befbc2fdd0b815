import { Refusal, StepFailure } from '../../../src/errors.ts';
import type { Context, Look } from '../../../src/runner/contract.ts';
import { dockerReader } from '../docker.ts';
import { type CaddyApi, caddyApi } from './caddy-api.ts';
import {
  type Asked,
  asksByAlias,
  type CaddyServers,
  goneFrom,
  proxiesOf,
  serversOf,
  withWishes,
} from './caddy-routes.ts';
import { addressFor, reachedFrom } from './containers.ts';
import { awaitHealthy } from './healthy.ts';
import { persistFile } from './persist-file.ts';
import type {
  EdgeAbilities,
  EdgeChanger,
  EdgeContainer,
  EdgePlace,
  EdgeReader,
  EdgeReport,
  EdgeWish,
} from './types.ts';

/** Caddy, steered by its admin API: upstreams are replaced, and requests in progress are counted per container. */
export const driver = {
  reader: (place: EdgePlace, look: Look): Promise<EdgeReader> => readerOf(place, look),
  async changer(place: EdgePlace, context: Context): Promise<EdgeChanger> {
    const reader = await readerOf(place, context.look);
    const api = caddyApi(controlOf(place), context.signal);
    return {
      ...reader,
      async put(wishes, within) {
        await awaitHealthy(await dockerReader(context.look), context, wishes, within);
        await put(reader, api, wishes);
      },
      quiet: (containers, within) => quiet(reader, context, containers, within),
      clear: () => clear(reader, api),
      persist: () => persist(place, context, api),
    };
  },
};

const can: EdgeAbilities = {
  weights: false,
  drain: 'exact',
  resets: 'each switch closes idle connections of clients, and may reset a request that is just coming in on one',
};

const path = '/config/apps/http/servers';

type CaddyReader = EdgeReader & { asked(): Promise<Asked>; seen(): Promise<Seen> };
type Seen = { servers: CaddyServers; etag: string; counts: Map<string, number> };

async function readerOf(place: EdgePlace, look: Look): Promise<CaddyReader> {
  const api = caddyApi(controlOf(place), look.signal);
  const docker = await dockerReader(look);
  const asked = async (): Promise<Asked> => {
    const reached = await reachedFrom(place, docker);
    const address = (each: EdgeContainer): string | undefined => addressFor(each, reached);
    const dial = (each: EdgeContainer): string | undefined => {
      const host = place.edge ? each.name : address(each);
      return host === undefined ? undefined : `${host}:${place.port}`;
    };
    return { place, containers: reached.containers, address, dial };
  };
  const seen = async (): Promise<Seen> => {
    const config = await api.get(path);
    const upstreams = await api.get('/reverse_proxy/upstreams');
    const list = (upstreams?.value ?? []) as { address: string; num_requests: number }[];
    return {
      servers: (config?.value ?? {}) as CaddyServers,
      etag: config?.etag ?? '',
      counts: new Map(list.map((each) => [each.address, each.num_requests])),
    };
  };
  return {
    place,
    can,
    asked,
    seen,
    containers: async () => (await reachedFrom(place, docker)).containers,
    async servers() {
      const { servers, counts } = await seen();
      return serversOf(servers, counts, await asked());
    },
    inspect: async () => report(await asked(), await seen(), await startedWith(place, docker)),
  };
}

function controlOf({ control, service }: EdgePlace): string {
  if (control) return control;
  throw new Refusal('no-go', `x-playbook.edge of ${service} does not say where Caddy's admin API is.`, {
    hint: 'Name it as "control": the path of a unix socket, or host:port.',
  });
}

type Docker = Awaited<ReturnType<typeof dockerReader>>;

/** The command line of the proxy's container; undefined where it runs elsewhere. */
async function startedWith(place: EdgePlace, docker: Docker): Promise<string[] | undefined> {
  if (!place.edge) return undefined;
  const [proxy] = await docker.containers({ project: place.project, service: place.edge, running: true });
  const inspect = proxy && (await docker.container(proxy.Id));
  return inspect && [inspect.Path, ...inspect.Args];
}

function report(asked: Asked, { servers }: Seen, command: string[] | undefined): EdgeReport {
  const { place } = asked;
  const problems: EdgeReport['problems'] = [];
  const warnings: EdgeReport['warnings'] = [];
  if (proxiesOf(servers, asked).length === 0) {
    problems.push({
      say: `Caddy has no reverse_proxy that asks a container of ${place.service} on port ${place.port}`,
      hint: `Write "reverse_proxy ${place.project}-${place.service}-1:${place.port}" into its configuration.`,
    });
  }
  if (asksByAlias(servers, asked)) {
    problems.push({
      say: `Caddy asks ${place.service}:${place.port}, which is every container of ${place.service} as soon as it starts, healthy or not`,
      hint: `Name the container: "reverse_proxy ${place.project}-${place.service}-1:${place.port}".`,
    });
  }
  if (asked.containers.some((each) => each.running && asked.dial(each) && !asked.address(each))) {
    problems.push({ say: `${place.service} and ${place.edge} share no network`, hint: 'Put both into one network.' });
  }
  if (!place.file && command && !command.includes('--resume')) {
    warnings.push({
      say: 'Caddy starts with its first configuration again and forgets which containers serve',
      hint: 'Start it with "caddy run --resume", or name the JSON file that it reads as "file".',
    });
  }
  return { problems, warnings };
}

async function put(reader: CaddyReader, api: CaddyApi, wishes: readonly EdgeWish[]): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    const asked = await reader.asked();
    const { servers, counts, etag } = await reader.seen();
    if (proxiesOf(servers, asked).length === 0) {
      throw new StepFailure(`Caddy has no reverse_proxy for ${asked.place.service}`, { class: 'not-found' });
    }
    const next = withWishes(servers, counts, wishes, asked);
    // Refused where somebody else changed the configuration meanwhile: then it is read again.
    if (next === undefined || (await api.patch(path, next, etag))) return;
  }
  throw new StepFailure('Somebody else changes the configuration of Caddy all the time', { class: 'conflict' });
}

/** Twice zero: a request that Caddy had just accepted when it was told is counted by the second look at the latest. */
async function quiet(
  reader: EdgeReader,
  { look: { clock }, signal }: Context,
  containers: readonly string[],
  within: number,
) {
  const from = clock.now();
  for (let zeros = 0; ; ) {
    const servers = await reader.servers();
    const left = servers
      .filter(({ container }) => container !== undefined && containers.includes(container))
      .reduce((sum, { sessions }) => sum + sessions, 0);
    zeros = left === 0 ? zeros + 1 : 0;
    const waited = clock.now() - from;
    if (zeros === 2 || waited >= within) return { left, waited_ms: waited };
    await clock.sleep(20, signal);
  }
}

async function clear(reader: CaddyReader, api: CaddyApi): Promise<string[]> {
  const { servers } = await reader.seen();
  const gone = goneFrom(servers, await reader.asked());
  if (gone.length > 0) await put(reader, api, []);
  return gone;
}

async function persist({ file }: EdgePlace, context: Context, api: CaddyApi): Promise<void> {
  if (!file) return;
  const config = await api.get('/config/');
  if (!config) return;
  await persistFile(file, `${JSON.stringify(config.value, null, 2)}\n`, context);
}
