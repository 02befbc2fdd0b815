import { Refusal, StepFailure } from '../../../src/errors.ts';
import type { Context, Look } from '../../../src/runner/contract.ts';
import { composeChanger } from '../compose.ts';
import type { ComposeChanger } from '../compose-types.ts';
import { dockerReader } from '../docker.ts';
import type { ContainerInspect } from '../docker-types.ts';
import { addressFor, reachedFrom } from './containers.ts';
import { awaitHealthy } from './healthy.ts';
import {
  adopted,
  asksByAlias,
  includedIn,
  type NginxFile,
  parseNginxFile,
  renderNginxFile,
  serversOf,
  withWishes,
} from './nginx-file.ts';
import { reload, testedConfiguration, workersOf } from './nginx-workers.ts';
import { readShared, writeShared } from './shared-file.ts';
import type {
  EdgeAbilities,
  EdgeChanger,
  EdgeContainer,
  EdgePlace,
  EdgeReader,
  EdgeReport,
  EdgeWish,
} from './types.ts';

/** nginx in a container of the stack: the servers of an upstream stand in a file, and a reload makes it known. */
export const driver = {
  reader: (place: EdgePlace, look: Look): Promise<EdgeReader> => readerOf(place, look),
  async changer(place: EdgePlace, context: Context): Promise<EdgeChanger> {
    const reader = await readerOf(place, context.look);
    const compose = await composeChanger(context);
    return {
      ...reader,
      async put(wishes, within) {
        await awaitHealthy(await dockerReader(context.look), context, wishes, within);
        await put(reader, compose, context, wishes);
      },
      quiet: (_containers, within) => quiet(reader, compose, context, within),
      clear: () => clear(reader, compose, context),
      // The file that each switch writes is what a restarted nginx reads.
      persist: async () => undefined,
    };
  },
};

const can: EdgeAbilities = {
  weights: true,
  drain: 'waits',
  resets: 'each switch closes idle connections of clients, and may reset a request that is just coming in on one',
};

type Seen = { file: NginxFile; containers: EdgeContainer[]; address(container: EdgeContainer): string | undefined };
type NginxReader = EdgeReader & { path: string; seen(): Promise<Seen>; proxy(): Promise<ContainerInspect | undefined> };

async function readerOf(place: EdgePlace, look: Look): Promise<NginxReader> {
  const path = fileOf(place);
  const docker = await dockerReader(look);
  const seen = async (): Promise<Seen> => {
    const reached = await reachedFrom(place, docker);
    const address = (each: EdgeContainer): string | undefined => addressFor(each, reached);
    const { containers } = reached;
    return { file: adopted(parseNginxFile(await readShared(path)), containers, address, place), containers, address };
  };
  const proxy = async (): Promise<ContainerInspect | undefined> => {
    const all = await docker.containers({ project: place.project, service: place.edge ?? '' });
    const found = all.find(({ State }) => State === 'running') ?? all[0];
    return found && docker.container(found.Id);
  };
  return {
    place,
    can,
    path,
    seen,
    proxy,
    containers: async () => (await reachedFrom(place, docker)).containers,
    async servers() {
      const { file, containers, address } = await seen();
      return serversOf(file, containers, address, place.port);
    },
    inspect: async () => report(place, path, { ...(await seen()), text: await readShared(path) }, await proxy()),
  };
}

function fileOf({ service, file, edge }: EdgePlace): string {
  if (file && edge) return file;
  const lacks = file ? 'which service nginx is' : 'which file of nginx lists its servers';
  throw new Refusal('no-go', `x-playbook.edge of ${service} does not say ${lacks}.`, {
    hint: 'nginx needs "service", its service in this stack, and "file", what its upstream includes.',
  });
}

function report(
  place: EdgePlace,
  path: string,
  seen: Seen & { text: string },
  proxy: ContainerInspect | undefined,
): EdgeReport {
  const problems: EdgeReport['problems'] = [];
  const warnings: EdgeReport['warnings'] = [];
  const { edge, service } = place;
  if (!proxy?.State.Running) problems.push({ say: `${edge} is not running`, hint: `docker compose up -d ${edge}` });
  if (proxy && !proxy.Mounts.some(({ Source }) => path === Source || path.startsWith(`${Source}/`))) {
    problems.push({
      say: `${edge} cannot read ${path}`,
      hint: `Mount its folder into ${edge}, and include it in the upstream.`,
    });
  }
  if (seen.containers.some((each) => each.running && !seen.address(each))) {
    problems.push({ say: `${service} and ${edge} share no network`, hint: 'Put both into one network.' });
  }
  if (asksByAlias(seen.text, place)) {
    problems.push({
      say: `nginx asks ${service}, and nobody knows which of its containers that meant when nginx looked`,
      hint: `Name the container in ${path}: "server ${place.project}-${service}-1:${place.port};".`,
    });
  }
  if (proxy && !['always', 'unless-stopped'].includes(proxy.HostConfig.RestartPolicy?.Name ?? '')) {
    warnings.push({
      say: `${edge} is not started again where it ends, as it does where it is started before ${service}`,
      hint: 'Give it "restart: always".',
    });
  }
  return { problems, warnings };
}

async function put(
  reader: NginxReader,
  compose: ComposeChanger,
  context: Context,
  wishes: readonly EdgeWish[],
): Promise<void> {
  const { file, containers, address } = await reader.seen();
  const next = withWishes(file, wishes, containers, address);
  const { place, path } = reader;
  const text = renderNginxFile(next, place.port);
  if (file.loaded && text === renderNginxFile(file, place.port)) return;
  const proxy = await reader.proxy();
  if (!proxy?.State.Running) throw new StepFailure(`${place.edge} is not running`, { class: 'unavailable' });
  const before = await readShared(path);
  await writeShared(path, renderNginxFile({ ...next, loaded: false }, place.port));
  try {
    const dump = await testedConfiguration(compose, proxy.Id);
    if (!includedIn(dump, place)) throw notIncluded(place, path);
  } catch (error) {
    await writeShared(path, before);
    throw error;
  }
  await reload(compose, proxy.Id, context);
  await writeShared(path, renderNginxFile({ ...next, loaded: true }, place.port));
}

async function clear(reader: NginxReader, compose: ComposeChanger, context: Context): Promise<string[]> {
  const { file, containers } = await reader.seen();
  const gone = file.servers.filter(({ id }) => !containers.some((each) => each.id === id)).map(({ name }) => name);
  if (gone.length > 0) await put(reader, compose, context, []);
  return gone;
}

function notIncluded({ edge, backend }: EdgePlace, path: string): StepFailure {
  return new StepFailure(`The configuration of ${edge} has no upstream ${backend} that includes ${path}`, {
    class: 'not-found',
    hint: `Write "upstream ${backend} { include …; }" with the path that this file has in the container.`,
  });
}

/** nginx does not count requests per server; once the workers of before are gone, so is all that they had. */
async function quiet(
  reader: NginxReader,
  compose: ComposeChanger,
  { look: { clock }, signal }: Context,
  within: number,
) {
  const from = clock.now();
  for (;;) {
    const proxy = await reader.proxy();
    const left = proxy?.State.Running ? (await workersOf(compose, proxy.Id)).ending.length : 0;
    const waited = clock.now() - from;
    if (left === 0 || waited >= within) return { left, waited_ms: waited };
    await clock.sleep(50, signal);
  }
}
