import { describe, expect, test } from 'vitest';
import { edgePlaceOf } from '../../../runners/stack/edge-place.ts';
import { marksOf } from '../../../runners/stack/marks.ts';
import type { DesiredStack } from '../../../runners/stack/model.ts';
import type { Look } from '../../../src/runner/contract.ts';

const marked = (mark: string) => marksOf(`services:\n  web:\n    x-playbook: ${mark}\n`);

describe('marks of x-playbook', () => {
  test('what is right must be read as it is, a port out of a variable too', () => {
    const edge = '{ driver: haproxy, service: edge, port: "8080", control: ./edge/admin.sock, file: ./edge/servers }';
    expect(marked(`{ job: false, stateful: true, edge: ${edge} }`)).toEqual({
      web: {
        job: false,
        stateful: true,
        edge: { driver: 'haproxy', service: 'edge', port: 8080, control: './edge/admin.sock', file: './edge/servers' },
      },
    });
  });

  test.each([
    ['haproxy', 'x-playbook of web cannot be used: it is "haproxy" and not a mapping.'],
    ['{ egde: {} }', 'x-playbook of web cannot be used: it has no "egde".'],
    ['{ job: maybe }', 'x-playbook of web cannot be used: its job is "maybe".'],
    ['{ edge: [] }', 'x-playbook.edge of web cannot be used: it is a list and not a mapping.'],
    ['{ edge: { port: 80 } }', 'x-playbook.edge of web cannot be used: its driver is missing.'],
    ['{ edge: { driver: traefik, port: 80 } }', 'x-playbook.edge of web cannot be used: its driver is "traefik".'],
    ['{ edge: { driver: nginx } }', 'x-playbook.edge of web cannot be used: its port is missing.'],
    ['{ edge: { driver: nginx, port: "" } }', 'x-playbook.edge of web cannot be used: its port is "".'],
    ['{ edge: { driver: nginx, port: 70000 } }', 'x-playbook.edge of web cannot be used: its port is 70000.'],
    [
      '{ edge: { driver: nginx, port: 80, service: web } }',
      'x-playbook.edge of web cannot be used: it names itself as its edge.',
    ],
    ['{ edge: { driver: nginx, port: 80, backend: 7 } }', 'x-playbook.edge of web cannot be used: its backend is 7.'],
    [
      '{ edge: { driver: haproxy, port: 80, control: ./a.sock, backend: "web; shutdown sessions server x" } }',
      'x-playbook.edge of web cannot be used: its backend is "web; shutdown sessions server x".',
    ],
    [
      '{ edge: { driver: haproxy, port: 80 } }',
      'x-playbook.edge of web cannot be used: it does not say where the proxy is steered.',
    ],
    [
      '{ edge: { driver: haproxy, port: 80, control: admin } }',
      'x-playbook.edge of web cannot be used: its control is "admin".',
    ],
  ])('%s must be refused with what is wrong', (mark, message) => {
    expect(() => marked(mark)).toThrow(expect.objectContaining({ reason: 'no-go', message, hint: expect.any(String) }));
  });
});

describe('where a service is steered', () => {
  const look = { target: { directory: '/srv/shop' } } as Look;
  const stack = (edge: object) =>
    ({
      project: 'shop',
      known: ['web', 'edge'],
      order: ['web'],
      services: { web: { name: 'web', marks: { edge } } },
    }) as unknown as DesiredStack;
  const haproxy = { driver: 'haproxy', port: 80, control: 'run/a.sock', file: './run/servers' };

  test('paths must count from the folder of the stack, and the backend be named as the service', () => {
    expect(edgePlaceOf('web', stack(haproxy), look)).toEqual({
      driver: 'haproxy',
      project: 'shop',
      service: 'web',
      port: 80,
      backend: 'web',
      control: '/srv/shop/run/a.sock',
      file: '/srv/shop/run/servers',
    });
    expect(edgePlaceOf('web', stack({ ...haproxy, control: '127.0.0.1:9999' }), look).control).toBe('127.0.0.1:9999');
  });

  test('an edge that is no service, and a service without an edge, must be refused', () => {
    expect(() => edgePlaceOf('web', stack({ ...haproxy, service: 'proxy' }), look)).toThrow('names the service proxy');
    const none = { ...stack({}), services: { web: { name: 'web', marks: {} } } } as unknown as DesiredStack;
    expect(() => edgePlaceOf('web', none, look)).toThrow('web stands behind no edge.');
    expect(() => edgePlaceOf('api', none, look)).toThrow('There is no service api');
  });
});
