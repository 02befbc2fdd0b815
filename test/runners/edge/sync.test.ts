import { expect, test } from 'vitest';
import type { EdgeServer } from '../../../runners/clients/edge/types.ts';
import { decideSync, saySynced } from '../../../runners/edge/sync-run.ts';
import type { ObservedContainer } from '../../../runners/stack/model.ts';

const container = (id: string, more: Partial<ObservedContainer> = {}) =>
  ({ id, state: 'running', health: 'healthy', ...more }) as ObservedContainer;
const server = (name: string, more: Partial<EdgeServer> = {}): EdgeServer => ({
  name,
  container: name,
  state: 'ready',
  check: 'passes',
  weight: 100,
  sessions: 0,
  ...more,
});

test('exactly the running and healthy containers must serve', () => {
  const present = [
    container('in'),
    container('new'),
    container('drained'),
    container('sick', { health: 'unhealthy' }),
    container('starting', { health: 'starting' }),
    container('stopped', { state: 'exited' }),
  ];
  const { container: _none, ...nobody } = server('gone');
  const servers = [server('in'), server('sick'), server('stopped'), server('drained', { state: 'drain' }), nobody];
  expect(decideSync(present, servers)).toEqual({ join: ['new', 'drained'], release: ['sick', 'stopped'], stale: 1 });
});

test('a service of which nothing is healthy must keep what it has at the edge', () => {
  const present = [container('a', { health: 'unhealthy' })];
  expect(decideSync(present, [server('a')])).toEqual({ join: [], release: [], stale: 0 });
});

test('places that are out must not be counted, whatever they stand for', () => {
  expect(decideSync([container('a')], [server('a'), server('b', { state: 'out' })])).toEqual({
    join: [],
    release: [],
    stale: 0,
  });
});

test.each([
  [0, [], [], 'no service stands behind an edge'],
  [1, [], [], 'every edge serves what it should'],
  [1, ['web-2'], ['web-1'], 'web-2 let in; web-1 taken out'],
])('what was done at %i edges must be said as it is', (edges, joined, released, said) => {
  expect(saySynced(edges, { joined, released })).toBe(said);
});
