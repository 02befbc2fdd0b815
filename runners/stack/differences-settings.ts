import { parseComposeDuration } from './compose-duration.ts';
import type { Compared, Found } from './model.ts';
import { amount, entries, list, listed, pairs, truth, words } from './setting-text.ts';

/** Settings that few services have. Only which one differs is said, for values may be secrets. */
export function settingsDiff(compared: Compared): Found[] {
  const { service, inspect, image } = compared;
  const both: Both = {
    wanted: service.config,
    host: inspect.HostConfig as unknown as Words,
    own: inspect.Config,
    brought: image?.Config ?? {},
    id: inspect.Id,
  };
  return [...ofProcess(both), ...ofNetwork(both), ...ofHost(both)]
    .filter(([, wanted, own]) => wanted !== own)
    .map(([name]) => ({ because: `${name} ${name.endsWith('s') && name !== 'dns' ? 'differ' : 'differs'}`, diff: [] }));
}

type Words = Readonly<Record<string, unknown>>;
/** What the file wants, and what the engine says of the container and of its image. */
type Both = { wanted: Words; host: Words; own: Words; brought: Words; id: string };
/** A setting by its name in the file, what is wanted of it, and what there is. */
type Row = readonly [name: string, wanted: string, own: string];

function ofProcess({ wanted, host, own, brought }: Both): Row[] {
  const limits = entries(entries(entries(wanted['deploy'])['resources'])['limits']);
  return [
    ['stop_signal', words(wanted['stop_signal'] ?? brought['StopSignal']), words(own['StopSignal'])],
    ['stop_grace_period', ...grace(wanted['stop_grace_period'], own['StopTimeout'])],
    ['tty', truth(wanted['tty']), truth(own['Tty'])],
    ['stdin_open', truth(wanted['stdin_open']), truth(own['OpenStdin'])],
    ['init', truth(wanted['init']), truth(host['Init'])],
    ['oom_score_adj', amount(wanted['oom_score_adj']), amount(host['OomScoreAdj'])],
    ['pids_limit', amount(wanted['pids_limit'] ?? limits['pids']), amount(host['PidsLimit'])],
    ['cpu_shares', amount(wanted['cpu_shares']), amount(host['CpuShares'])],
    ['cpuset', words(wanted['cpuset']), words(host['CpusetCpus'])],
    ...whereSet(wanted, [
      'ulimits',
      listed(Object.entries(entries(wanted['ulimits'])), ulimit),
      listed(host['Ulimits'], ownUlimit),
    ]),
    ['group_add', listed(wanted['group_add']), listed(host['GroupAdd'])],
  ];
}

function ofNetwork({ wanted, host, own, brought, id }: Both): Row[] {
  // In the network of another container, or of the host, the name is theirs.
  const isOwn = !/^(host$|container:)/.test(words(host['NetworkMode']));
  const named = isOwn && !id.startsWith(words(own['Hostname']));
  const published = list(wanted['ports']).map((port) => entries(port)['target']);
  const [image, bound] = [brought['ExposedPorts'], host['PortBindings']].map((ports) => Object.keys(entries(ports)));
  return [
    ['hostname', words(wanted['hostname']), named ? words(own['Hostname']) : ''],
    ['domainname', words(wanted['domainname']), words(own['Domainname'])],
    ['dns', listed(wanted['dns']), listed(host['Dns'])],
    ['dns_search', listed(wanted['dns_search']), listed(host['DnsSearch'])],
    ['extra_hosts', listed(wanted['extra_hosts'], hostEntry), listed(host['ExtraHosts'], hostEntry)],
    ['network_mode', fixedMode(wanted['network_mode']), fixedMode(host['NetworkMode'])],
    [
      'expose',
      without(list(wanted['expose']), [...published, ...(image ?? [])]),
      without(Object.keys(entries(own['ExposedPorts'])), [...(bound ?? []), ...(image ?? [])]),
    ],
  ];
}

function ofHost({ wanted, host }: Both): Row[] {
  const { privileged, pid, ipc, logging } = wanted;
  // The engine adds what it needs for these.
  const widened = privileged === true || host['Privileged'] === true || [pid, ipc, host['PidMode']].includes('host');
  return [
    ['annotations', pairs(wanted['annotations']), pairs(host['Annotations'])],
    ['security_opt', widened ? '' : listed(wanted['security_opt']), widened ? '' : listed(host['SecurityOpt'])],
    ['sysctls', pairs(wanted['sysctls']), pairs(host['Sysctls'])],
    ['pid', words(pid), words(host['PidMode'])],
    ['devices', listed(wanted['devices'], device), listed(host['Devices'], device)],
    ['tmpfs', listed(wanted['tmpfs'], bare), listed(Object.keys(entries(host['Tmpfs'])))],
    ...whereSet(wanted, ['shm_size', amount(wanted['shm_size']), amount(host['ShmSize'])]),
    ...whereSet(wanted, ['ipc', words(ipc), words(host['IpcMode'])]),
    ...whereSet(wanted, ['logging', log(logging), log(host['LogConfig'])]),
  ];
}

/** What is not set comes from the engine's own settings, which nobody here knows. */
function whereSet(wanted: Words, row: Row): Row[] {
  return wanted[row[0]] === undefined ? [] : [row];
}

/** Nothing written means whatever there is. */
function grace(written: unknown, own: unknown): [string, string] {
  if (typeof written !== 'string') return ['', ''];
  return [amount(Math.round((parseComposeDuration(written) ?? 0) / 1000)), amount(own)];
}

function ulimit(entry: unknown): string {
  const [name, limit] = entry as [string, unknown];
  const { soft = limit, hard = limit } = entries(limit);
  return [name, soft, hard].join(' ');
}

function ownUlimit(entry: unknown): string {
  const { Name, Soft, Hard } = entries(entry);
  return [Name, Soft, Hard].join(' ');
}

/** `name=address`, as Compose prints it, and `name:address`, as the engine does. */
function hostEntry(entry: unknown): string {
  return String(entry).replace('=', ':');
}

/** Any other mode is a network by its name. */
function fixedMode(mode: unknown): string {
  return mode === 'none' || mode === 'host' ? mode : '';
}

/** What is published, or comes with the image, is exposed anyway. */
function without(ports: readonly unknown[], anyway: readonly unknown[]): string {
  const known = new Set(anyway.map(bare));
  return listed(ports.map(bare).filter((port) => !known.has(port)));
}

/** `9000/tcp` and `/scratch:size=1m` without what follows. */
function bare(entry: unknown): string {
  return String(entry).replace(/\/tcp$|:.*$/, '');
}

function device(entry: unknown): string {
  const { source, target, permissions, PathOnHost, PathInContainer, CgroupPermissions } = entries(entry);
  return [source ?? PathOnHost, target ?? PathInContainer, permissions ?? CgroupPermissions].join(' ');
}

function log(config: unknown): string {
  const { driver, options, Type, Config } = entries(config);
  return [driver ?? Type, pairs(options ?? Config)].join(' ');
}
