import { describe, expect, test } from 'vitest';
import type { ComposeService } from '../../../runners/clients/compose-types.ts';
import { makeBlocker, overlapBlocker } from '../../../runners/replicas/blockers.ts';
import { policyOf } from '../../../runners/replicas/compose-policy.ts';
import { orderOf } from '../../../runners/replicas/orders.ts';
import type { Marks } from '../../../runners/stack/marks.ts';
import { container, desired, id, imageInspect } from '../stack/model-builders.ts';
import { edge, healthcheck } from './builders.ts';

function facts(config: ComposeService, marks: Marks = {}, more: { contents?: Record<string, string> } = {}) {
  const service = desired({ web: config }, more).services['web'];
  if (!service) throw new Error('no service');
  return { service: { ...service, marks }, image: undefined, containers: [], sharers: [] };
}

const data = { type: 'volume', source: 'data', target: '/data' };

describe('F14 F32 why two must not run at the same time', () => {
  test.each<[string, ComposeService, string]>([
    ['a name', { container_name: 'web' }, 'its container_name can be had only once'],
    ['a port', { ports: [{ target: 80, published: '8080' }] }, 'it publishes port 8080 itself'],
    [
      'a range of ports',
      { ports: [{ target: 80, published: '8000-8010' }], deploy: { replicas: 3 } },
      'it publishes one of the ports 8000-8010 itself, for which two would race',
    ],
    ['the network of the host', { network_mode: 'host' }, 'it uses the network of the host'],
    ['an address', { networks: { default: { ipv4_address: '10.0.0.2' } } }, 'its ipv4_address is fixed'],
    ['an address of version 6', { networks: { default: { ipv6_address: 'fd00::2' } } }, 'its ipv6_address is fixed'],
    ['a mac address', { mac_address: '02:42:ac:11:00:02' }, 'its mac_address is fixed'],
    ['a device', { devices: ['/dev/ttyUSB0'] }, 'it uses a device of the host'],
    [
      'a GPU',
      { deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } },
      'a device is reserved for it',
    ],
    ['a volume', { volumes: [data] }, 'it writes to the volume data, which two must not use at the same time'],
    [
      'a bound folder',
      { volumes: [{ type: 'bind', source: '/srv/db', target: '/data' }] },
      'it may write to /srv/db (bound to /data), and x-playbook does not say `stateful: false`',
    ],
  ])('%s', (_what, config, because) => {
    expect(overlapBlocker(facts(config))).toBe(because);
    expect(orderOf(facts({ ...config, healthcheck }, edge), 'auto')).toEqual({ order: 'stop-first', because });
    expect(() => orderOf(facts(config), 'start-first')).toThrow(
      `web cannot start first, as the playbook asks for: ${because}`,
    );
  });

  test.each<[string, ComposeService, Marks]>([
    ['a volume that is only read', { volumes: [{ ...data, read_only: true }] }, {}],
    ['a volume of several replicas', { volumes: [data], deploy: { replicas: 2 } }, {}],
    ['a volume of a service that is not stateful', { volumes: [data] }, { stateful: false }],
    ['a bound file', { volumes: [{ type: 'bind', source: '/srv/web.conf', target: '/etc/web.conf' }] }, {}],
    [
      'the socket of the engine',
      { volumes: [{ type: 'bind', source: '/run/docker.sock', target: '/docker.sock' }] },
      {},
    ],
    ['a port that the engine chooses', { ports: [{ target: 80 }] }, {}],
  ])('must not be seen in %s', (_what, config, marks) => {
    expect(overlapBlocker(facts(config, marks, { contents: { 'file /srv/web.conf': 'hmac' } }))).toBeUndefined();
  });

  test('x-playbook stateful: true must forbid it whatever else there is', () => {
    const given = facts({ volumes: [data], deploy: { replicas: 3 } }, { stateful: true });
    expect(overlapBlocker(given)).toBe('x-playbook says that it is stateful');
  });
});

describe('why compose.up must do it', () => {
  test.each<[string, ReturnType<typeof facts> & { sharers?: string[] }, string]>([
    ['a name', facts({ container_name: 'web' }), 'its container_name can be had only once'],
    ['a shared network', facts({ network_mode: 'service:vpn' }), 'it uses a namespace of vpn'],
    ['sharers', { ...facts({}), sharers: ['a', 'b'] as never[] }, 'a and b use its network'],
    [
      'an unnamed volume',
      facts({ volumes: [{ type: 'volume', target: '/data' }] }),
      'its unnamed volume goes along to the new container',
    ],
    [
      'an unnamed volume of the image',
      { ...facts({}), image: imageInspect('1', { Volumes: { '/data': {} } }) as never },
      'its unnamed volume goes along to the new container',
    ],
    [
      'an unnamed volume of the container',
      {
        ...facts({}),
        containers: [
          container({ service: 'web', mounts: [{ Type: 'volume', Name: id('d'), Destination: '/data' }] }),
        ] as never[],
      },
      'its unnamed volume goes along to the new container',
    ],
  ])('%s', (_what, given, because) => {
    expect(makeBlocker(given)).toBe(because);
  });

  test('a volume of the image that the file names must not count as unnamed', () => {
    const image = imageInspect('1', { Volumes: { '/data': {} } });
    expect(makeBlocker({ ...facts({ volumes: [data] }), image })).toBeUndefined();
  });
});

describe('what comes first', () => {
  test('without a healthcheck nothing must overlap unasked', () => {
    expect(orderOf(facts({}, edge), 'auto').order).toBe('stop-first');
    expect(orderOf(facts({ healthcheck: { disable: true } }, edge), 'auto').order).toBe('stop-first');
    const asked = orderOf(facts({}, edge), 'start-first');
    expect(asked).toEqual({
      order: 'start-first',
      because: 'the playbook asks for it; without a healthcheck only time tells whether the new one is ready',
    });
  });

  test('the playbook must beat update_config.order, which beats what is known', () => {
    const stopping = facts({ healthcheck, deploy: { update_config: { order: 'stop-first' } } }, edge);
    expect(orderOf(stopping, 'auto')).toEqual({ order: 'stop-first', because: 'its update_config asks for it' });
    expect(orderOf(stopping, 'start-first').order).toBe('start-first');
  });

  test('F52 update_config that asks for what must not be must be refused', () => {
    const given = facts({ container_name: 'web', deploy: { update_config: { order: 'start-first' } } });
    expect(() => orderOf(given, 'auto')).toThrow('web cannot start first, as its update_config asks for');
  });
});

describe('F52 deploy.update_config and rollback_config', () => {
  test('must be followed where there is an equal', () => {
    const update_config = { order: 'stop-first', parallelism: 2, delay: '10s', failure_action: 'rollback' };
    expect(policyOf({ deploy: { update_config } })).toEqual({
      order: 'stop-first',
      batch: ['2'],
      delay: 10_000,
      notes: [],
    });
  });

  test.each([
    [{ update_config: { failure_action: 'pause' } }, 'update_config.failure_action pause is not followed'],
    [{ update_config: { failure_action: 'continue' } }, 'update_config.failure_action continue is not followed'],
    [{ update_config: { monitor: '30s' } }, 'update_config.monitor 30s is not followed'],
    [{ update_config: { max_failure_ratio: 0.2 } }, 'update_config.max_failure_ratio 0.2 is not followed'],
    [
      { rollback_config: { parallelism: 0, order: 'stop-first' } },
      'rollback_config (order, parallelism) is not followed',
    ],
  ])('must be named where there is none: %j', (deploy, note) => {
    expect(policyOf({ deploy }).notes).toEqual([expect.stringContaining(note)]);
  });
});
