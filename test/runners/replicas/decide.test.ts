import { describe, expect, test } from 'vitest';
import { container } from '../stack/model-builders.ts';
import { edge, healthcheck, idOf, outdated, strategyOf } from './builders.ts';

const three = { healthcheck, deploy: { replicas: 3 } };

describe('how a changed service is replaced', () => {
  test('a service with a healthcheck behind an edge must start first, in batches of 1, 25% and 50%', () => {
    const { services, left } = strategyOf({ web: { ...three, marks: edge } });
    expect(services).toEqual([
      {
        name: 'web',
        order: 'start-first',
        because: 'it has a healthcheck, and haproxy in front of it is switched over',
        edge: true,
        batch: ['1', '25%', '50%'],
        delay: '0ms',
        replicas: [idOf('web', 1), idOf('web', 2), idOf('web', 3)],
      },
    ]);
    expect(left).toEqual([]);
  });

  test('one replica must be one batch', () => {
    expect(strategyOf({ web: { healthcheck } }, { batch: [5, '50%'] }).services[0]?.batch).toEqual(['1']);
  });

  test('sizes and pauses of the playbook must beat those of update_config, which beat our own', () => {
    const file = { ...three, deploy: { replicas: 3, update_config: { parallelism: 2, delay: '10s' } } };
    expect(strategyOf({ web: file }).services[0]).toMatchObject({ batch: ['2'], delay: '10000ms' });
    const asked = strategyOf({ web: file }, { batch: [1, '100%'], delay: 5000 });
    expect(asked.services[0]).toMatchObject({ batch: ['1', '100%'], delay: '5000ms' });
    const all = { ...three, deploy: { replicas: 3, update_config: { parallelism: 0 } } };
    expect(strategyOf({ web: all }, { batch: [] }).services[0]?.batch).toEqual(['100%']);
  });

  test('F28 only what lives must count, whatever numbers there are', () => {
    const [one, , three9] = outdated('web', 3);
    const containers = [
      ...(one ? [one] : []),
      container({ service: 'web', number: 2, id: idOf('web', 2), status: 'exited', hash: 'older', env: ['A=1'] }),
      ...(three9 ? [three9] : []),
      container({ service: 'web', number: 7, id: idOf('web', 7), status: 'created', hash: 'hash-web' }),
    ];
    const [web] = strategyOf({ web: three }, {}, { containers }).services;
    expect(web?.replicas).toEqual([idOf('web', 1), idOf('web', 3)]);
  });

  test('a replica that is as wanted already must not be replaced again, and what is too many is not replaced', () => {
    const containers = [
      ...outdated('web', 4),
      container({ service: 'web', number: 5, id: idOf('web', 5), hash: 'hash-web' }),
    ];
    const [web] = strategyOf({ web: three }, {}, { containers }).services;
    expect(web?.replicas).toEqual([idOf('web', 1), idOf('web', 2)]);
  });

  test('a service that is built must keep its place, also where nothing comes of the build', () => {
    const containers = [container({ service: 'web', hash: 'hash-web' }), ...outdated('zoo')];
    const { services } = strategyOf({ web: { build: {} }, zoo: {} }, {}, { containers });
    expect(services.map(({ name, replicas }) => [name, replicas.length])).toEqual([
      ['web', 0],
      ['zoo', 1],
    ]);
  });

  test('what cannot be replaced in batches must be left to compose.up, with the reason', () => {
    const { services, left } = strategyOf(
      {
        web: { healthcheck, depends_on: { migrate: { condition: 'service_completed_successfully' } } },
        migrate: { depends_on: { cache: { condition: 'service_started' } } },
        cache: { container_name: 'cache' },
        mail: { depends_on: { web: { condition: 'service_started' } }, container_name: 'mail' },
        fresh: {},
      },
      {},
      { jobs: ['migrate'], containers: ['web', 'migrate', 'cache', 'mail'].flatMap((name) => outdated(name)) },
    );
    expect(services.map(({ name }) => name)).toEqual(['web']);
    expect(left).toEqual([
      { name: 'cache', when: 'before', because: 'its container_name can be had only once' },
      { name: 'fresh', when: 'before', because: 'it is new' },
      { name: 'migrate', when: 'before', because: 'it is a job' },
      { name: 'mail', when: 'after', because: 'its container_name can be had only once' },
    ]);
  });

  test('what a job between two services needs must go before it', () => {
    const { services, left } = strategyOf(
      {
        web: { healthcheck, depends_on: { migrate: { condition: 'service_completed_successfully' } } },
        migrate: { depends_on: { db: { condition: 'service_healthy' } } },
        db: { healthcheck },
      },
      {},
      { jobs: ['migrate'] },
    );
    expect(services.map(({ name }) => name)).toEqual(['web']);
    expect(left.map(({ name, when }) => [name, when])).toEqual([
      ['db', 'before'],
      ['migrate', 'before'],
    ]);
    expect(left[0]?.because).toBe('migrate, which web waits for, needs it first');
  });

  test('F11 who shares a network must go together with whose network it is', () => {
    const { services, left } = strategyOf({
      web: { healthcheck },
      vpn: { depends_on: { web: { condition: 'service_started' } } },
      inside: { network_mode: 'service:vpn' },
    });
    expect(services.map(({ name }) => name)).toEqual(['web']);
    expect(left.map(({ name, when }) => [name, when])).toEqual([
      ['vpn', 'after'],
      ['inside', 'after'],
    ]);
  });

  test('nothing must be decided where nothing differs', () => {
    const containers = [container({ service: 'web', hash: 'hash-web' })];
    expect(strategyOf({ web: { healthcheck } }, {}, { containers })).toEqual({ services: [], left: [], notes: {} });
  });
});

describe('blue-green', () => {
  const way = { way: 'blue-green' } as const;
  const front = { ...three, marks: edge };

  test('only services behind an edge must double, all replicas at once', () => {
    const { services, left } = strategyOf({ web: front, worker: { healthcheck } }, { ...way, batch: [1] });
    expect(services).toMatchObject([{ name: 'web', order: 'start-first', batch: ['100%'] }]);
    expect(services[0]?.replicas).toHaveLength(3);
    expect(left).toEqual([
      { name: 'worker', when: 'before', because: 'it stands behind no edge, so it does not double' },
    ]);
  });

  test.each([
    ['a service that cannot run twice', { ...front, container_name: 'web' }, 'its container_name can be had only once'],
    ['a service without a healthcheck', { marks: edge }, 'it has no healthcheck'],
    ['a port of its own', { ...front, ports: [{ target: 80, published: '80' }] }, 'it publishes port 80 itself'],
  ])('%s must be refused', (_what, web, reason) => {
    expect(() => strategyOf({ web }, way)).toThrow(`web stands behind an edge, but it cannot double: ${reason}`);
  });

  test.each([
    ['depends_on', { depends_on: { api: { condition: 'service_started' } } }],
    ['the variable API_URL', { environment: { API_URL: 'http://api:8080/v1' } }],
    ['the variable API_HOST', { environment: { API_HOST: 'api' } }],
    ['the variable PEERS', { environment: { PEERS: 'x:1,api:9092' } }],
  ])('two that call each other by name must be refused (%s)', (how, more) => {
    expect(() => strategyOf({ web: { ...front, ...more }, api: front }, way)).toThrow(
      `web calls api by name (${how}), and both would double`,
    );
  });

  test('a word that is no host must not count as a call', () => {
    const web = { ...front, environment: { ROLE: 'api', NOTE: 'the api-gateway', URL: 'http://api.example/' } };
    expect(strategyOf({ web, api: front }, way).services).toHaveLength(2);
  });

  test('a stack without any edge must be refused', () => {
    expect(() => strategyOf({ web: three }, way)).toThrow('No service of this stack stands behind an edge');
  });
});
