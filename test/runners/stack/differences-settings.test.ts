import { describe, expect, test } from 'vitest';
import type { ComposeService } from '../../../runners/clients/compose-types.ts';
import { settingsDiff } from '../../../runners/stack/differences-settings.ts';
import { container, desired, imageInspect } from './model-builders.ts';

/** As Compose 2.26 prints it, and as Engine 26 then says it of the container. */
const wanted = {
  annotations: { team: 'shop' },
  expose: ['9000'],
  tmpfs: ['/scratch', '/other:size=1m'],
  hostname: 'shop',
  domainname: 'example.com',
  extra_hosts: ['db.example=10.0.0.1', 'h=host-gateway', 'v6=::1'],
  network_mode: 'none',
  dns: ['10.0.0.1'],
  dns_search: ['example.com'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 100,
  shm_size: '33554432',
  ulimits: { nofile: 4096, nproc: { soft: 10, hard: 20 } },
  sysctls: { 'net.core.somaxconn': '512' },
  group_add: ['1001'],
  devices: [{ source: '/dev/null', target: '/dev/nothing', permissions: 'rwm' }],
  ipc: 'shareable',
  pid: 'container:x',
  tty: true,
  stdin_open: true,
  stop_signal: 'SIGINT',
  stop_grace_period: '1m30s',
  logging: { driver: 'json-file', options: { 'max-size': '1m' } },
  init: true,
  oom_score_adj: 100,
  cpu_shares: 512,
  cpuset: '0',
} as const;

const config = {
  Hostname: 'shop',
  Domainname: 'example.com',
  ExposedPorts: { '9000': {}, '8080/tcp': {} },
  Tty: true,
  OpenStdin: true,
  StopSignal: 'SIGINT',
  StopTimeout: 90,
};

const host = {
  Annotations: { team: 'shop' },
  Tmpfs: { '/other': 'size=1m', '/scratch': '' },
  ExtraHosts: ['v6:::1', 'h:host-gateway', 'db.example:10.0.0.1'],
  NetworkMode: 'none',
  Dns: ['10.0.0.1'],
  DnsSearch: ['example.com'],
  SecurityOpt: ['no-new-privileges:true'],
  PidsLimit: 100,
  ShmSize: 33_554_432,
  Ulimits: [
    { Name: 'nproc', Hard: 20, Soft: 10 },
    { Name: 'nofile', Hard: 4096, Soft: 4096 },
  ],
  Sysctls: { 'net.core.somaxconn': '512' },
  GroupAdd: ['1001'],
  Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/nothing', CgroupPermissions: 'rwm' }],
  IpcMode: 'shareable',
  PidMode: 'container:x',
  LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
  Init: true,
  OomScoreAdj: 100,
  CpuShares: 512,
  CpusetCpus: '0',
};

/** What a container has that was made without any of these. */
const plain = {
  config: {
    Domainname: '',
    ExposedPorts: null,
    Tty: false,
    OpenStdin: false,
    StopSignal: 'SIGTERM',
    StopTimeout: null,
  },
  host: { ExtraHosts: [], ShmSize: 67_108_864, IpcMode: 'private', PidMode: '', OomScoreAdj: 0, PidsLimit: null },
};

const image = imageInspect('1', { StopSignal: 'SIGTERM', ExposedPorts: { '8080/tcp': {} } });

function found(service: ComposeService, made: { config: object; host: object }): string[] {
  const stack = desired({ web: service });
  const own = stack.services['web'];
  if (!own) throw new Error('no web');
  const { inspect } = container({ service: 'web' });
  Object.assign(inspect.Config, made.config);
  Object.assign(inspect.HostConfig, made.host);
  return settingsDiff({ service: own, model: stack.model, inspect, image }).map(({ because }) => because);
}

const names = Object.keys(wanted) as (keyof typeof wanted)[];
/** The engine has settings of its own for these, and nothing written in the file means any. */
const ownSettings = ['shm_size', 'ulimits', 'ipc', 'logging', 'stop_grace_period'];

describe('a setting', () => {
  test('must not be said to differ where the engine has what the file wants', () => {
    expect(found(wanted as unknown as ComposeService, { config, host })).toEqual([]);
    expect(found({}, plain)).toEqual([]);
  });

  test.each(names)('must be named where it is new: %s', (name) => {
    expect(found({ [name]: wanted[name] }, plain)).toEqual([expect.stringMatching(new RegExp(`^${name} differs?$`))]);
  });

  test.each(names)('must be named where it is taken away, unless it may be the engine’s own: %s', (name) => {
    const { [name]: _, ...rest } = wanted;
    const expected = ownSettings.includes(name) ? [] : [expect.stringMatching(new RegExp(`^${name} differs?$`))];
    expect(found(rest as unknown as ComposeService, { config, host })).toEqual(expected);
  });
});

test('a grace period of nothing must count as nothing', () => {
  expect(found({ stop_grace_period: '0s' }, plain)).toEqual([]);
});

test('what the engine adds for a privileged container, a published port or a short ID as hostname must count as nothing', () => {
  const made = {
    config: {
      ...plain.config,
      Hostname: container({ service: 'web' }).inspect.Id.slice(0, 12),
      ExposedPorts: { '80/tcp': {} },
    },
    host: { ...plain.host, Privileged: true, SecurityOpt: ['label=disable'], PortBindings: { '80/tcp': [{}] } },
  };
  expect(found({ privileged: true, ports: [{ target: 80 }] }, made)).toEqual([]);
});

test.each(['host', 'container:abc'])('the hostname of %s must count as nothing that was asked for', (NetworkMode) => {
  const made = { config: { ...plain.config, Hostname: 'theirs' }, host: { ...plain.host, NetworkMode } };
  expect(found({ network_mode: NetworkMode }, made)).toEqual([]);
});
