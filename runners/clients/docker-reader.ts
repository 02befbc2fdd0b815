import type Dockerode from 'dockerode';
import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { type Call, type Connection, openStream, read } from './docker-call.ts';
import { readEvents } from './docker-events.ts';
import { readLog } from './docker-logs.ts';
import type {
  ContainerInspect,
  ContainerSummary,
  DiskUsage,
  DockerReader,
  EngineVersion,
  ImageInspect,
  ImageSummary,
  NetworkInspect,
  VolumeInspect,
} from './docker-types.ts';
import { composeLabels, filters, imagePath } from './engine-query.ts';
import { logLines } from './log-lines.ts';
import { registryDigest } from './registry-digest.ts';

/** Reads of one engine; each ends when the look's signal is aborted. */
export function createReader(connection: Connection, look: Look): DockerReader {
  const get = (path: string, query?: Call['query'], timeout?: number) =>
    read(connection, { method: 'GET', path, ...(query && { query }), ...(timeout && { timeout }) }, look.signal);
  const inspect = async <T>(path: string) => (await get(path)) as T | undefined;
  const list = async <T>(path: string, query: Call['query']) => ((await get(path, query)) ?? []) as T[];

  // An engine does not change under a command; whether it still answers, every other call finds out.
  const known = look.resources.once<{ version?: EngineVersion }>(`engine at ${connection.address}`, () => ({}));

  return {
    async version() {
      known.version ??= await engineVersion(get);
      return known.version;
    },
    ping: async () => void (await get('/_ping', undefined, 3_000)),
    info: async () => (await get('/info')) as Record<string, unknown>,
    containers: (filter = {}) =>
      list<ContainerSummary>('/containers/json', {
        all: !filter.running,
        filters: filters({
          label: composeLabels(filter.project, filter.service),
          ancestor: filter.ancestor === undefined ? [] : [filter.ancestor],
        }),
      }),
    container: (id) => inspect<ContainerInspect>(`/containers/${encodeURIComponent(id)}/json`),
    diskUsage: () => diskUsage(get),
    images: (filter = {}) =>
      list<ImageSummary>('/images/json', {
        filters: filters({
          reference: filter.reference === undefined ? [] : [filter.reference],
          dangling: filter.dangling === undefined ? [] : [String(filter.dangling)],
        }),
      }),
    image: (reference) => inspect<ImageInspect>(`/images/${imagePath(reference)}/json`),
    registryDigest: (reference) => registryDigest(connection, reference, look),
    networks: (project) =>
      list<NetworkInspect>('/networks', { filters: filters({ label: composeLabels(project, undefined) }) }),
    network: (name) => inspect<NetworkInspect>(`/networks/${encodeURIComponent(name)}`),
    volumes: async (project) => {
      const answer = await get('/volumes', { filters: filters({ label: composeLabels(project, undefined) }) });
      return (answer as { Volumes?: VolumeInspect[] | null } | undefined)?.Volumes ?? [];
    },
    volume: (name) => inspect<VolumeInspect>(`/volumes/${encodeURIComponent(name)}`),
    logs: (id, options) => containerLogs(connection, id, options, look.signal),
    followLogs: (id, options, signal) => readLog(connection, id, options, signal),
    events: (filter, signal) => readEvents(connection, filter, signal),
    stats: (id) =>
      get(`/containers/${encodeURIComponent(id)}/stats`, { stream: false, 'one-shot': true }) as Promise<
        Dockerode.ContainerStats | undefined
      >,
  };
}

type Get = (path: string, query?: Call['query'], timeout?: number) => Promise<unknown>;

/** The engine walks through all volumes for it: what takes too long stays unknown. */
async function diskUsage(get: Get): Promise<DiskUsage | undefined> {
  try {
    return (await get('/system/df', undefined, 60_000)) as DiskUsage;
  } catch (error) {
    if (error instanceof Refusal && /no answer to/.test(error.message)) return undefined;
    throw error;
  }
}

async function engineVersion(get: Get): Promise<EngineVersion> {
  const version = (await get('/version', undefined, 10_000)) as Record<string, string | undefined>;
  const info = (await get('/info')) as Record<string, string | undefined>;
  return {
    version: version['Version'] ?? 'unknown',
    api: version['ApiVersion'] ?? 'unknown',
    id: info['ID'] ?? 'unknown',
    name: info['Name'] ?? 'unknown',
    os: info['OperatingSystem'] ?? version['Os'] ?? 'unknown',
    kernel: version['KernelVersion'] ?? 'unknown',
    platform: `${version['Os'] ?? 'linux'}/${version['Arch'] ?? 'unknown'}`,
  };
}

async function containerLogs(
  connection: Connection,
  id: string,
  options: { tail?: number; since?: number },
  signal: AbortSignal,
): Promise<string[]> {
  const query = { stdout: true, stderr: true, tail: options.tail ?? 'all', since: options.since };
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
  // Read as a stream: the client would parse a log that happens to be JSON.
  const path = `/containers/${encodeURIComponent(id)}/logs`;
  const stream = await openStream(connection, { method: 'GET', path, query }, bounded);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return logLines(Buffer.concat(chunks));
}
