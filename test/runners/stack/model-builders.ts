import type { ComposeModel, ComposeService } from '../../../runners/clients/compose-types.ts';
import type { ContainerInspect, ImageInspect } from '../../../runners/clients/docker-types.ts';
import { containerOf } from '../../../runners/stack/container.ts';
import { graphOf } from '../../../runners/stack/desired.ts';
import type { DesiredStack, ObservedContainer, ObservedStack } from '../../../runners/stack/model.ts';
import { topological } from '../../../runners/stack/order.ts';

/** IDs that read well: `id('a')` is 64 times `a`. */
export const id = (letter: string): string => letter.repeat(64);
export const image = (letter: string): string => `sha256:${id(letter)}`;

type Wanted = { jobs?: string[]; contents?: Record<string, string>; version?: string; more?: Partial<ComposeModel> };

/** A project `shop` whose services have the hash `hash-NAME` and the image `shop/NAME:1`. */
export function desired(services: Record<string, ComposeService>, wanted: Wanted = {}): DesiredStack {
  const named = Object.fromEntries(
    Object.entries(services).map(([name, config]) => [name, { image: `shop/${name}:1`, ...config }]),
  );
  const model: ComposeModel = { name: 'shop', services: named, ...wanted.more };
  return {
    project: 'shop',
    model,
    frozen: '',
    compose_version: wanted.version ?? '2.26.1',
    services: Object.fromEntries(
      Object.entries(named).map(([name, config]) => [
        name,
        {
          name,
          config,
          hash: `hash-${name}`,
          image: config.image ?? '',
          replicas: config.scale ?? config.deploy?.replicas ?? 1,
          job: wanted.jobs?.includes(name) ?? false,
          marks: {},
          contents: wanted.contents ?? {},
        },
      ]),
    ),
    order: topological(graphOf(model)).order,
    known: Object.keys(named),
  };
}

type Given = {
  service: string;
  id?: string;
  name?: string;
  number?: number;
  status?: string;
  exit?: number;
  hash?: string;
  image?: string;
  imageName?: string;
  version?: string;
  env?: string[];
  ports?: Record<string, { HostIp?: string; HostPort: string }[]>;
  mounts?: Partial<ContainerInspect['Mounts'][number]>[];
  host?: Record<string, unknown>;
  config?: Record<string, unknown>;
  labels?: Record<string, string>;
  networks?: Record<string, unknown>;
  health?: string;
};

/** A running container of the service, as `desired` wants it unless something else is given. */
export function container(given: Given): ObservedContainer {
  const number = given.number ?? 1;
  const inspect = {
    Id: given.id ?? id('c'),
    Name: `/${given.name ?? `shop-${given.service}-${number}`}`,
    Image: given.image ?? image('1'),
    RestartCount: 0,
    State: {
      Status: given.status ?? 'running',
      Running: (given.status ?? 'running') === 'running',
      ExitCode: given.exit ?? 0,
      ...(given.health && { Health: { Status: given.health } }),
    },
    Config: {
      Image: given.imageName ?? `shop/${given.service}:1`,
      Env: given.env ?? [],
      Hostname: (given.id ?? id('c')).slice(0, 12),
      Labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': given.service,
        'com.docker.compose.container-number': String(number),
        'com.docker.compose.config-hash': given.hash ?? `hash-${given.service}`,
        'com.docker.compose.version': given.version ?? '2.26.1',
        ...given.labels,
      },
      ...given.config,
    },
    HostConfig: {
      PortBindings: given.ports ?? {},
      RestartPolicy: { Name: 'no' },
      Privileged: false,
      ReadonlyRootfs: false,
      NetworkMode: 'shop_default',
      ...given.host,
    },
    Mounts: given.mounts ?? [],
    NetworkSettings: { Networks: given.networks ?? {} },
  } as unknown as ContainerInspect;
  const made = containerOf(inspect);
  if (!made) throw new Error('no container of a service');
  return made;
}

export function imageInspect(letter: string, config: Record<string, unknown> = {}): ImageInspect {
  return { Id: image(letter), Config: config } as unknown as ImageInspect;
}

/** What is there; every image name points to `image('1')` unless given. */
export function observed(containers: readonly ObservedContainer[], more: Partial<ObservedStack> = {}): ObservedStack {
  const services = Map.groupBy(containers, ({ service }) => service);
  const names = containers.map(({ service }) => `shop/${service}:1`);
  return {
    project: 'shop',
    services: Object.fromEntries(services),
    orphans: [],
    networks: [],
    volumes: [],
    images: {
      [image('1')]: imageInspect('1'),
      ...Object.fromEntries(names.map((name) => [name, imageInspect('1')])),
      ...more.images,
    },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'images')),
  };
}
