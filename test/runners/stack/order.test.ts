import { expect, test } from 'vitest';
import { closure, connectedGroups, dependenciesOf, topological } from '../../../runners/stack/order.ts';

const graph = { web: ['api'], api: ['db', 'migrate'], migrate: ['db'], db: [], worker: [] };

test('a service must stand after all it depends on, equal ones by name', () => {
  expect(topological(graph).order).toEqual(['db', 'migrate', 'api', 'web', 'worker']);
});

test('a circle must be named from where it begins', () => {
  expect(topological({ a: ['b'], b: ['c'], c: ['b'] }).cycle).toEqual(['b', 'c', 'b']);
});

test('what is not in the graph (an inactive profile) must be passed over', () => {
  expect(topological({ a: ['gone'] })).toEqual({ order: ['a'] });
});

test('the closure must reach through services that stay', () => {
  expect([...closure(graph, ['web'])].sort()).toEqual(['api', 'db', 'migrate', 'web']);
});

test('services must be one group where one needs the other through a third, and where one takes over a port', () => {
  expect(connectedGroups(['db', 'web', 'worker'], graph)).toEqual([['db', 'web'], ['worker']]);
  expect(connectedGroups(['db', 'web', 'worker'], graph, [['worker', 'db']])).toEqual([['db', 'web', 'worker']]);
});

test.each([
  [{ depends_on: { db: { condition: 'service_started' } } }, ['db']],
  [{ network_mode: 'service:vpn', ipc: 'service:shm', pid: 'host' }, ['vpn', 'shm']],
  [{ network_mode: 'container:abc' }, []],
  [{ volumes_from: ['data:ro', 'container:other:ro'] }, ['data']],
  [{ links: ['db:database', 'cache'] }, ['db', 'cache']],
])('%j needs %j', (config, needed) => {
  expect(dependenciesOf(config)).toEqual(needed);
});
