import { describe, expect, test } from 'vitest';
import type { ComposeModel, ComposeService } from '../../../runners/clients/compose-types.ts';
import { differences } from '../../../runners/stack/differences.ts';
import { container, desired, id, imageInspect } from './model-builders.ts';

type Given = Omit<Parameters<typeof container>[0], 'service'>;
type Row = [title: string, wanted: ComposeService, given: Given, expected: unknown[], more?: Partial<ComposeModel>];

const image = imageInspect('1', {
  Env: ['PATH=/bin', 'BUILT=1'],
  Cmd: ['serve'],
  Labels: { made: 'by us' },
  Volumes: { '/cache': {} },
});
const config = { Cmd: ['serve'] };
const only = (because: string, diff: unknown[] = []) => [{ because, diff }];

function found([, wanted, given, , more]: Row): unknown[] {
  const stack = desired({ web: wanted }, more ? { more } : {});
  const service = stack.services['web'];
  if (!service) throw new Error('no web');
  const { inspect } = container({ service: 'web', ...given, config: { ...config, ...given.config } });
  return differences({ service, model: stack.model, inspect, image });
}

const lending: Partial<ComposeModel> = {
  services: {
    app: {
      volumes: [
        { type: 'volume', source: 'html', target: '/html' },
        { type: 'bind', source: '/app.conf', target: '/etc/app' },
      ],
    },
  },
  volumes: { html: { name: 'shop_html' } },
};

const rows: Row[] = [
  ['nothing, where all is equal', {}, {}, []],
  ['what the image brings is no difference', {}, { env: ['PATH=/bin', 'BUILT=1'] }, []],
  [
    'variables by name only',
    { environment: { NEW: '1', SAME: '$$x', OTHER: 'b' } },
    { env: ['SAME=$x', 'OTHER=a', 'GONE=secret'] },
    only('the environment differs', [{ what: 'environment', to: '+ NEW  ~ OTHER  - GONE' }]),
  ],
  [
    'a variable of the image that is overridden',
    { environment: { BUILT: '2' } },
    { env: ['BUILT=1'] },
    only('the environment differs', [{ what: 'environment', to: '~ BUILT' }]),
  ],
  ['a variable without a value was never set', { environment: { EMPTY: null } }, { env: ['EMPTY'] }, []],
  [
    'ports, with what was and what shall be',
    { ports: [{ target: 80, published: '8081', protocol: 'tcp' }] },
    { ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
    only('the published ports differ', [{ what: 'ports', from: '8080:80', to: '8081:80' }]),
  ],
  [
    'a port on one address',
    { ports: [{ target: 53, published: '53', protocol: 'udp', host_ip: '127.0.0.1' }] },
    { ports: { '53/udp': [{ HostIp: '127.0.0.1', HostPort: '53' }] } },
    [],
  ],
  [
    'volumes by their real name',
    { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
    { mounts: [{ Type: 'volume', Name: 'shop_data', Destination: '/data', RW: true }] },
    [],
    { volumes: { data: { name: 'shop_data' } } },
  ],
  [
    'an unnamed volume is one, whatever the engine calls it',
    { volumes: [{ type: 'volume', target: '/data' }] },
    { mounts: [{ Type: 'volume', Name: id('e'), Destination: '/data', RW: true }] },
    [],
  ],
  [
    'an unnamed volume of the image is no difference',
    {},
    { mounts: [{ Type: 'volume', Name: id('e'), Destination: '/cache', RW: true }] },
    [],
  ],
  [
    'a mount that is read-only now',
    { volumes: [{ type: 'bind', source: '/etc/a', target: '/a', read_only: true }] },
    { mounts: [{ Type: 'bind', Source: '/etc/a', Destination: '/a', RW: true }] },
    only('the mounts differ', [{ what: 'mounts', from: '/etc/a at /a', to: '/etc/a at /a, read-only' }]),
  ],
  [
    'a secret from a file is a mount',
    { secrets: [{ source: 'word' }] },
    { mounts: [{ Type: 'bind', Source: '/w', Destination: '/run/secrets/word', RW: false }] },
    [],
    { secrets: { word: { file: '/w' } } },
  ],
  [
    'mounts that it takes over from another service, but where it has its own',
    { volumes: [{ type: 'bind', source: '/own', target: '/etc/app' }], volumes_from: ['app:ro'] },
    {
      mounts: [
        { Type: 'bind', Source: '/own', Destination: '/etc/app', RW: true },
        // Compose drops the `:ro`.
        { Type: 'volume', Name: 'shop_html', Destination: '/html', RW: true },
        { Type: 'volume', Name: id('e'), Destination: '/brought', RW: true },
      ],
    },
    [],
    lending,
  ],
  [
    'a mount that the other service has no more',
    { volumes_from: ['app'] },
    {
      mounts: [
        { Type: 'bind', Source: '/app.conf', Destination: '/etc/app', RW: true },
        { Type: 'volume', Name: 'shop_html', Destination: '/html', RW: true },
        { Type: 'bind', Source: '/old', Destination: '/old', RW: true },
      ],
    },
    only('the mounts differ', [{ what: 'mounts', from: '/old at /old' }]),
    lending,
  ],
  [
    'mounts of a container outside of the files',
    { volumes_from: ['container:elsewhere'] },
    { mounts: [{ Type: 'bind', Source: '/its', Destination: '/its', RW: true }] },
    [],
  ],
  ['another command, whose words are not shown', { command: ['serve', '--token=x'] }, {}, only('the command differs')],
  [
    'another entrypoint: the image has no say in the command then',
    { entrypoint: ['sh'] },
    { config: { Entrypoint: ['sh'], Cmd: null } },
    [],
  ],
  [
    'a healthcheck that is new',
    { healthcheck: { test: ['CMD', 'true'], interval: '90s' } },
    {},
    only('the healthcheck differs'),
  ],
  [
    'the same healthcheck',
    { healthcheck: { test: ['CMD', 'true'], interval: '1m30s', retries: 2 } },
    { config: { Healthcheck: { Test: ['CMD', 'true'], Interval: 90e9, Retries: 2 } } },
    [],
  ],
  [
    'labels by name only',
    { labels: { a: '1' } },
    { labels: { a: '2', made: 'by us' } },
    only('the labels differ', [{ what: 'labels', to: '~ a' }]),
  ],
  [
    'a limit',
    { mem_limit: '67108864' },
    { host: { Memory: 0 } },
    only('the limits differ', [{ what: 'memory', from: 'no limit', to: '64 MB' }]),
  ],
  [
    'a limit written the long way',
    { deploy: { resources: { limits: { cpus: 0.5, memory: '64' } } } },
    { host: { Memory: 64, NanoCpus: 5e8 } },
    [],
  ],
  [
    'networks, by their real name',
    { networks: { front: null } },
    { networks: { shop_back: {} } },
    only('the networks differ', [{ what: 'networks', from: 'shop_back', to: 'shop_front' }]),
    { networks: { front: { name: 'shop_front' } } },
  ],
  [
    'an alias',
    { networks: { front: { aliases: ['www'] } } },
    { networks: { shop_front: { Aliases: ['web'] } } },
    only('the networks differ', [{ what: 'aliases in shop_front', to: '+ www' }]),
    { networks: { front: { name: 'shop_front' } } },
  ],
  [
    'an alias that is taken away, but none that comes with the service, its names and its ID',
    { networks: { front: null } },
    { networks: { shop_front: { Aliases: ['web', 'www', 'shop-web-1', 'shop-web-7', id('c').slice(0, 12)] } } },
    only('the networks differ', [{ what: 'aliases in shop_front', to: '- www' }]),
    { networks: { front: { name: 'shop_front' } } },
  ],
  ['a user that is taken away', {}, { config: { User: '1000' } }, only('the user differs')],
  [
    'a working directory that is taken away',
    {},
    { config: { WorkingDir: '/x' } },
    only('the working directory differs'),
  ],
  ['the restart policy', { restart: 'always' }, {}, only('the restart policy differs')],
  ['the container name', { container_name: 'front' }, {}, only('the container name differs')],
  [
    'what it depends on',
    { depends_on: { db: { condition: 'service_healthy' } } },
    { labels: { 'com.docker.compose.depends_on': 'db:service_started:false' } },
    only('what it depends on differs'),
  ],
];

describe('why a container differs', () => {
  test.each(rows)('%s', (...row) => {
    expect(found(row)).toEqual(row[3]);
  });

  test('no value of the environment, of a label or of a command may be in there', () => {
    const secret = 'hunter2';
    const reasons = found([
      '',
      { environment: { A: secret }, labels: { l: secret }, command: [secret] },
      { env: [`B=${secret}`], labels: { m: secret } },
      [],
    ]);
    expect(reasons).toHaveLength(3);
    expect(JSON.stringify(reasons)).not.toContain(secret);
  });
});

test('a healthcheck key of 0 must count as not written: the engine takes it from the image', () => {
  const Healthcheck = { Test: ['CMD', 'true'], Interval: 1e9, StartPeriod: 3e9, Retries: 2 };
  const { services, model } = desired({ web: { healthcheck: { start_period: '0s', retries: 0 } } });
  const { inspect } = container({ service: 'web', config: { ...config, Healthcheck } });
  const service = services['web'];
  if (!service) throw new Error('no web');
  const brought = imageInspect('1', { Cmd: ['serve'], Healthcheck });
  expect(differences({ service, model, inspect, image: brought })).toEqual([]);
});
