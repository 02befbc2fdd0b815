import { readFile, statfs } from 'node:fs/promises';
import { cpus, freemem, hostname, loadavg, totalmem } from 'node:os';
import type { Json, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { findDockerHost } from '../clients/docker-host.ts';
import { gitState } from '../clients/git.ts';
import { isLive } from './container.ts';
import { desiredStack } from './desired.ts';
import type { DesiredService, ObservedContainer } from './model.ts';
import { observedStack } from './observed.ts';

/** `stack`: what the files want and what runs of it. */
export async function readStackFacts(look: Look): Promise<Json> {
  const desired = await desiredStack(look);
  const observed = await observedStack(look, desired.project);
  const services = desired.order.flatMap((name) => desired.services[name] ?? []);
  return {
    name: desired.project,
    running: Object.values(observed.services).flat().some(isLive),
    services: services.map((service) => serviceFacts(service, observed.services[service.name] ?? [])),
    orphans: observed.orphans.map(({ name }) => name),
  };
}

/** `engine`: the Docker Engine and Compose. */
export async function readEngineFacts(look: Look): Promise<Json> {
  const [docker, desired] = await Promise.all([dockerReader(look), desiredStack(look)]);
  const { id, name, version, api, os } = await docker.version();
  return { id, name, version, api, os, compose: desired.compose_version, local: await isLocal(look) };
}

/** `host`: this machine; what is unknown is left out, a remote engine's disk for one. */
export async function readHostFacts(look: Look): Promise<Json> {
  const disk = (await isLocal(look)) ? await diskFacts(look) : undefined;
  return {
    name: hostname(),
    cpus: cpus().length,
    load: loadavg()[0] ?? 0,
    memory_total: totalmem(),
    memory_free: await availableMemory(),
    ...disk,
  };
}

/** `git`: the checkout the stack's folder belongs to; `commit` is left out where it is none. */
export async function readGitFacts(look: Look): Promise<Json> {
  const git = await gitState(look.target.directory, look);
  return git ? { ...git } : { dirty: false };
}

function serviceFacts(service: DesiredService, containers: readonly ObservedContainer[]): Json {
  const live = containers.filter(isLive);
  const restarts = containers.reduce((sum, { inspect }) => sum + (inspect.RestartCount ?? 0), 0);
  return {
    name: service.name,
    image: service.image,
    job: service.job,
    replicas: service.replicas,
    running: live.length,
    state: live[0]?.state ?? containers[0]?.state ?? 'absent',
    health: worstHealth(live),
    restarts,
  };
}

const fromWorst = ['unhealthy', 'starting', 'healthy'] as const;

/** Of several containers the worst counts; `none` where there is no healthcheck, or nothing runs. */
function worstHealth(containers: readonly ObservedContainer[]): string {
  return fromWorst.find((health) => containers.some((container) => container.health === health)) ?? 'none';
}

async function isLocal(look: Look): Promise<boolean> {
  const { address } = await findDockerHost(look);
  return address.startsWith('unix:') || /^tcp:\/\/(127\.|localhost)/.test(address);
}

/** Where Docker stores: the disk that fills up. */
async function diskFacts(look: Look): Promise<Record<string, Json> | undefined> {
  const info = await (await dockerReader(look)).info();
  const root = info['DockerRootDir'];
  const found = typeof root === 'string' ? await statfs(root).catch(() => undefined) : undefined;
  if (!found || typeof root !== 'string') return undefined;
  return {
    disk_path: root,
    disk_free: found.bavail * found.bsize,
    disk_total: found.blocks * found.bsize,
    inodes_free: found.ffree,
  };
}

/** What programs can still get, caches counted as free; `freemem` does not know those on Linux. */
async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
