import type { Difference } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import { isAnonymous } from './container.ts';
import type { Compared, Found } from './model.ts';
import { lendersOf } from './order.ts';
import { sayBytes } from './words.ts';

export function portDiff({ service, inspect }: Compared): Difference[] {
  const own = Object.entries(inspect.HostConfig.PortBindings ?? {}).flatMap(([port, bindings]) =>
    ((bindings ?? []) as { HostIp?: string; HostPort?: string }[]).map((binding) =>
      published(binding.HostIp, binding.HostPort, port),
    ),
  );
  const wanted = (service.config.ports ?? []).map((port) =>
    published(port.host_ip, port.published, `${port.target}/${port.protocol ?? 'tcp'}`),
  );
  return sets('ports', own, wanted);
}

export function mountDiff({ service, inspect, image, model }: Compared): Difference[] {
  const wanted = wantedMounts(service.config, model).map(mountText);
  const brought = Object.keys(image?.Config.Volumes ?? {});
  const lenders = lendersOf(service.config);
  const own = (inspect.Mounts ?? []).flatMap((mount) => {
    const anonymous = mount.Type === 'volume' && isAnonymous(mount.Name ?? '');
    const from = anonymous ? '' : (mount.Name ?? mount.Source);
    const text = mountText({ target: mount.Destination, from, readOnly: !mount.RW });
    if (mount.Type === 'tmpfs') return [];
    if (anonymous && brought.includes(mount.Destination) && !wanted.includes(text)) return [];
    // What a lender's image brings, and all that a container outside of the files lends, no file tells.
    const untold = lenders.some((lender) => anonymous || lender.service === undefined);
    return untold && !wanted.includes(text) ? [] : [text];
  });
  return sets('mounts', own, wanted);
}

type Mount = { target: string; from: string; readOnly: boolean };

/** Its own mounts, and those that it takes over from other services where it has none at the same place. */
function wantedMounts(config: ComposeService, model: ComposeModel): Mount[] {
  const own = [
    ...(config.volumes ?? []).flatMap((mount) =>
      mount.type === 'tmpfs'
        ? []
        : [{ target: mount.target, from: sourceOf(mount, model), readOnly: mount.read_only ?? false }],
    ),
    ...(config.configs ?? []).flatMap((use) => boundFile(use, model.configs?.[use.source], `/${use.source}`)),
    ...(config.secrets ?? []).flatMap((use) =>
      boundFile(use, model.secrets?.[use.source], `/run/secrets/${use.source}`),
    ),
  ];
  const lent = lendersOf(config).flatMap(({ service }) => wantedMounts(model.services[service ?? ''] ?? {}, model));
  // One mount per place: its own, else that of the last who lends one.
  const byPlace = new Map([...lent, ...own].map((mount) => [mount.target, mount]));
  return [...byPlace.values()];
}

export function networkDiff({ service, inspect, model }: Compared): Difference[] {
  if (service.config.network_mode) return [];
  const attached = inspect.NetworkSettings.Networks ?? {};
  const uses = Object.entries((service.config.networks ?? {}) as Record<string, NetworkUse | null>);
  const wanted = uses.map(([key, use]) => ({ name: model.networks?.[key]?.name ?? key, use }));
  const plain = sets(
    'networks',
    Object.keys(attached),
    wanted.map(({ name }) => name),
  );
  const details = wanted.flatMap(({ name, use }) => {
    const own = attached[name];
    if (!own) return [];
    const address = own.IPAMConfig?.IPv4Address ?? '';
    const given = [service.name, inspect.Name.slice(1), inspect.Id.slice(0, 12), ...(use?.aliases ?? [])];
    // A container that was renamed goes on with the name that it was made with, too.
    const isGiven = (alias: string) => given.includes(alias) || alias.startsWith(`${model.name}-${service.name}-`);
    const aliases: readonly string[] = own.Aliases ?? [];
    const marks = [
      ...(use?.aliases ?? []).filter((alias) => !aliases.includes(alias)).map((alias) => `+ ${alias}`),
      ...aliases.filter((alias) => !isGiven(alias)).map((alias) => `- ${alias}`),
    ];
    return [
      ...(address === (use?.ipv4_address ?? '')
        ? []
        : [{ what: `address in ${name}`, from: address, to: use?.ipv4_address ?? '' }]),
      ...(marks.length > 0 ? [{ what: `aliases in ${name}`, to: marks.join('  ') }] : []),
    ];
  });
  return [...plain, ...details];
}

export function limitsDiff({ service, inspect }: Compared): Difference[] {
  const limits = (
    service.config.deploy?.resources as { limits?: { cpus?: string | number; memory?: string } } | undefined
  )?.limits;
  const memory = Number(service.config.mem_limit ?? limits?.memory ?? 0);
  const cpus = Number(service.config['cpus'] ?? limits?.cpus ?? 0);
  const ownCpus = (inspect.HostConfig.NanoCpus ?? 0) / 1e9;
  const ownMemory = inspect.HostConfig.Memory ?? 0;
  return [
    ...(memory === ownMemory
      ? []
      : [{ what: 'memory', from: limit(ownMemory, sayBytes), to: limit(memory, sayBytes) }]),
    ...(cpus === ownCpus ? [] : [{ what: 'cpus', from: limit(ownCpus, String), to: limit(cpus, String) }]),
  ];
}

function limit(amount: number, say: (amount: number) => string): string {
  return amount === 0 ? 'no limit' : say(amount);
}

/** Settings of one plain value each. */
export function plainDiff({ service, inspect, image }: Compared): Found[] {
  const { config } = service;
  const brought = (image?.Config ?? {}) as { User?: string; WorkingDir?: string };
  const policy = inspect.HostConfig.RestartPolicy;
  const ownPolicy =
    policy?.Name === 'on-failure' && policy.MaximumRetryCount ? `on-failure:${policy.MaximumRetryCount}` : policy?.Name;
  const rows: [string, unknown, unknown][] = [
    ['the restart policy differs', config.restart || 'no', ownPolicy || 'no'],
    ['the user differs', config['user'] || (brought.User ?? ''), inspect.Config.User ?? ''],
    [
      'the working directory differs',
      config['working_dir'] || (brought.WorkingDir ?? ''),
      inspect.Config.WorkingDir ?? '',
    ],
    ['the privileges differ', config['privileged'] ?? false, inspect.HostConfig.Privileged],
    ['whether its root is read-only differs', config['read_only'] ?? false, inspect.HostConfig.ReadonlyRootfs],
    ['the capabilities differ', sorted(config['cap_add']), sorted(inspect.HostConfig.CapAdd)],
    ['the dropped capabilities differ', sorted(config['cap_drop']), sorted(inspect.HostConfig.CapDrop)],
    ['the container name differs', config.container_name, inspect.Name.replace(/^\//, '')],
    [
      'what it depends on differs',
      conditions(config),
      labelled(inspect.Config.Labels?.['com.docker.compose.depends_on']),
    ],
  ];
  return rows
    .filter(([name, wanted, own]) => wanted !== own && !(name === 'the container name differs' && wanted === undefined))
    .map(([because]) => ({ because, diff: [] }));
}

type NetworkUse = { aliases?: string[]; ipv4_address?: string };

function published(host: string | undefined, port: string | undefined, target: string): string {
  const address = host && host !== '0.0.0.0' ? `${host}:` : '';
  return `${address}${port ? `${port}:` : ''}${target.replace(/\/tcp$/, '')}`;
}

function mountText({ target, from, readOnly }: Mount): string {
  return `${from || '(unnamed)'} at ${target}${readOnly ? ', read-only' : ''}`;
}

function sourceOf(mount: { type: string; source?: string }, model: ComposeModel): string {
  if (mount.type !== 'volume' || mount.source === undefined) return mount.source ?? '';
  return model.volumes?.[mount.source]?.name ?? mount.source;
}

/** Only what comes from a file is a mount; the rest is copied into the container. */
function boundFile(use: { target?: string }, source: { file?: string } | undefined, place: string): Mount[] {
  return source?.file ? [{ target: use.target ?? place, from: source.file, readOnly: true }] : [];
}

function sets(what: string, own: readonly string[], wanted: readonly string[]): Difference[] {
  const gone = own.filter((entry) => !wanted.includes(entry));
  const added = wanted.filter((entry) => !own.includes(entry));
  if (gone.length === 0 && added.length === 0) return [];
  return [
    { what, ...(gone.length > 0 && { from: gone.join(', ') }), ...(added.length > 0 && { to: added.join(', ') }) },
  ];
}

function sorted(value: unknown): string {
  return Array.isArray(value) ? value.map(String).sort().join(', ') : '';
}

function conditions(config: ComposeService): string {
  return Object.entries(config.depends_on ?? {})
    .map(([name, { condition }]) => `${name}:${condition}`)
    .sort()
    .join(', ');
}

/** Compose's label: `db:service_healthy:false,migrate:…`. */
function labelled(label: string | undefined): string {
  return (label ?? '')
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => entry.split(':').slice(0, 2).join(':'))
    .sort()
    .join(', ');
}
