import { describe, expect, it } from 'vitest';
import { decideResources, type Free, type Limit, type Reserve } from '../../../runners/check/decide-resources.ts';
import { availableMemory, engineTotals, freeHere } from '../../../runners/check/host-room.ts';
import { additionalNeeds, limited, type Needs, reserved } from '../../../runners/check/needs.ts';
import type { ImageInspect } from '../../../runners/clients/docker-types.ts';
import type { DesiredService, ObservedContainer, ServiceDecision } from '../../../runners/stack/model.ts';
import type { Change } from '../../../src/runner/contract.ts';

const MB = 1024 * 1024;
const GB = 1024 * MB;

function judge(given: { reserve?: Partial<Reserve>; needs?: Partial<Needs>; free?: Partial<Free>; limits?: Limit[] }) {
  const reserve = { memory: 0, disk: 0, cpu: 0, inodes: 0, ...given.reserve };
  const needs = { memory: 0, disk: 0, cpus: 0, containers: 0, growing: [], ...given.needs };
  const free = {
    memory: 6 * GB,
    disk: 87 * GB,
    disk_path: '/var/lib/docker',
    cpu: 2,
    inodes: 1_000_000,
    total: { memory: 8 * GB, cpus: 2 },
    ...given.free,
  };
  return decideResources(reserve, needs, free, given.limits ?? []);
}

describe('room for what a run adds', () => {
  it('must be a go that says what is needed and what is free', () => {
    const judged = judge({ reserve: { memory: 320 * MB, disk: GB } });
    expect(judged).toMatchObject({ verdict: 'go', say: 'needs 320 MB memory, 1 GB disk; 6 GB and 87 GB are free.' });
  });

  it('F04 must be a no-go that names the bytes missing on the disk', () => {
    const judged = judge({ reserve: { disk: 2 * GB }, free: { disk: GB } });
    expect(judged).toMatchObject({
      verdict: 'no-go',
      say: 'disk on /var/lib/docker: 2 GB are needed, 1 GB are free: 1 GB (1073741824 bytes) are missing.',
      hint: expect.stringContaining('docker system df'),
    });
  });

  it('F04 must count the images that come on top of what is wished to stay free', () => {
    expect(judge({ reserve: { disk: GB }, needs: { disk: GB }, free: { disk: 1.5 * GB } }).verdict).toBe('no-go');
  });

  it.each([
    ['memory', { reserve: { memory: 512 * MB }, needs: { memory: GB }, free: { memory: GB } }, 'memory: '],
    ['inodes', { reserve: { inodes: 10_000 }, free: { inodes: 9 } }, 'inodes on /var/lib/docker: '],
    ['CPU', { reserve: { cpu: 0.5 }, free: { cpu: 0.2 } }, 'CPU: 0.5 cores are needed, 0.2 idle'],
    ['a CPU limit beyond the machine', { limits: [{ service: 'api', memory: 0, cpus: 4 }] }, 'api may use 4 CPUs'],
  ])('must be a no-go for too little %s', (_what, given, part) => {
    const judged = judge(given);
    expect(judged.verdict).toBe('no-go');
    expect(judged.say).toContain(part);
    expect(judged.hint).toBeDefined();
  });

  it('must be unknown on a remote engine, never a go', () => {
    const blind = { total: { memory: 8 * GB, cpus: 2 }, blind: 'the engine is on another machine (ssh://box)' };
    const judged = decideResources(
      { memory: 0, disk: 0, cpu: 0, inodes: 0 },
      { memory: 0, disk: 0, cpus: 0, containers: 0, growing: [] },
      blind,
      [],
    );
    expect(judged.verdict).toBe('warn');
    expect(judged.say).toBe(
      'unknown: the engine is on another machine (ssh://box), so its free memory and disk cannot be seen.',
    );
  });

  it('must be unknown where the disk cannot be read', () => {
    expect(judge({ free: { disk: undefined } })).toMatchObject({
      verdict: 'warn',
      say: expect.stringContaining('free disk'),
    });
  });

  it('must warn of a memory limit that the machine cannot hold', () => {
    expect(judge({ limits: [{ service: 'db', memory: 9 * GB, cpus: 0 }] })).toMatchObject({ verdict: 'warn' });
  });
});

describe('what a run adds', () => {
  const service = (name: string, config: DesiredService['config']): DesiredService => ({
    name,
    config,
    hash: '',
    image: `${name}:1`,
    replicas: 1,
    job: false,
    marks: {},
    contents: {},
  });
  const decision = (name: string, more: Partial<ServiceDecision>) =>
    ({ service: name, add: 0, replace: [], ...more }) as ServiceDecision;
  const old = (Memory: number) =>
    ({ id: 'old', image_id: 'sha256:old', inspect: { HostConfig: { Memory } } }) as unknown as ObservedContainer;

  it('must be what new containers reserve, else their limit', () => {
    const desired = { services: { api: service('api', { mem_limit: String(256 * MB) }) } };
    const planned = { decisions: [decision('api', { add: 2 })], earlier: [] };
    expect(additionalNeeds(desired, { services: {}, images: {} }, planned)).toMatchObject({
      memory: 512 * MB,
      containers: 2,
    });
  });

  it('must be only the growth where a container replaces another, as the old one is stopped first', () => {
    const desired = { services: { api: service('api', { mem_limit: String(256 * MB) }) } };
    const planned = { decisions: [decision('api', { replace: ['old'] })], earlier: [] };
    const observed = { services: { api: [old(64 * MB)] }, images: {} };
    expect(additionalNeeds(desired, observed, planned)).toMatchObject({ memory: 192 * MB, containers: 1 });
  });

  it('must count the replicas that run beside those they replace, as many as there are at once', () => {
    const desired = { services: { api: service('api', { mem_limit: String(256 * MB) }) } };
    const change = (verb: Change['verb'], binds: Record<string, string>): Change => ({
      verb,
      target: 'api',
      because: [],
      certainty: 'certain',
      binds,
    });
    const start = (replaces: string, order = 'start-first') => change('recreate', { order, replaces });
    const stop = (containers: string) => change('stop', { containers });
    const needs = (earlier: Change[]) =>
      additionalNeeds(desired, { services: {}, images: {} }, { decisions: [], earlier }).memory;
    const one = needs([start('a')]);
    expect(one).toBeGreaterThan(0);
    expect(needs([start('a'), stop('a'), start('b c'), stop('b c')])).toBe(2 * one);
    expect(needs([start('a b c'), stop('a b c')])).toBe(3 * one);
    expect(needs([start('a b c', 'stop-first')])).toBe(0);
  });

  it('must take an image that comes to be as big as the one it replaces', () => {
    const desired = { services: { api: service('api', {}) } };
    const images = { 'sha256:old': { Size: 41 * MB } as ImageInspect };
    const earlier: Change[] = [{ verb: 'pull', target: 'image api:1', because: [], certainty: 'certain' }];
    const needs = additionalNeeds(desired, { services: { api: [old(0)] }, images }, { decisions: [], earlier });
    expect(needs).toMatchObject({ disk: 41 * MB, growing: ['api:1'] });
  });

  it('must be read from both spellings of Compose', () => {
    const long = {
      deploy: { resources: { limits: { memory: '100', cpus: 1.5 }, reservations: { memory: '50', cpus: 0.25 } } },
    };
    expect([reserved(long), limited(long)]).toEqual([
      { memory: 50, cpus: 0.25 },
      { memory: 100, cpus: 1.5 },
    ]);
    const short = { mem_limit: '100', mem_reservation: '50', cpus: 0.5 };
    expect([reserved(short), limited(short)]).toEqual([
      { memory: 50, cpus: 0 },
      { memory: 100, cpus: 0.5 },
    ]);
  });
});

describe('what is free on this machine', () => {
  it('must be what the kernel says is available, not what is merely unused', () => {
    expect(availableMemory('MemTotal:  100 kB\nMemFree:  10 kB\nMemAvailable:   64 kB\n')).toBe(65_536);
    expect(availableMemory('')).toBeUndefined();
  });

  it('must be unknown for a folder that cannot be read', async () => {
    const free = await freeHere(engineTotals({ MemTotal: GB, NCPU: 2, DockerRootDir: '/no/such/folder' }));
    expect(free).toMatchObject({ disk_path: '/no/such/folder', total: { memory: GB, cpus: 2 } });
    expect(free.disk).toBeUndefined();
  });
});
