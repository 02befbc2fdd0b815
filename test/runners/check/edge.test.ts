import { expect, test } from 'vitest';
import { decideEdge, type EdgeFacts } from '../../../runners/check/judge-edge.ts';

const web: EdgeFacts = {
  service: 'web',
  driver: 'haproxy',
  can: { weights: true, drain: 'exact', resets: 'no connection of a client is touched' },
  report: { problems: [], warnings: [], places: { all: 8, free: 6 } },
  surge: 2,
};
const away = { say: 'HAProxy cannot be reached at /x: there is no such socket.', hint: 'Start it.', starts: false };

test.each<[string, string, EdgeFacts[]]>([
  ['go', 'No service is behind an edge.', []],
  ['go', 'web (haproxy) can be switched over.', [web]],
  ['no-go', 'web: the edge has 6 of 8 places free, and 7 new are to come in.', [{ ...web, surge: 7 }]],
  ['no-go', 'web: it publishes port 8080 itself, past the edge.', [{ ...web, publishes: '8080' }]],
  [
    'no-go',
    'web: HAProxy cannot be reached at /x: there is no such socket.',
    [{ service: 'web', driver: 'haproxy', away, surge: 1 }],
  ],
  [
    'warn',
    'web: unknown: its edge is only started by this plan.',
    [{ service: 'web', driver: 'haproxy', away: { ...away, starts: true }, surge: 1 }],
  ],
  ['warn', 'web: odd.', [{ ...web, report: { problems: [], warnings: [{ say: 'odd' }] } }]],
  ['no-go', 'web: broken.', [{ ...web, report: { problems: [{ say: 'broken' }], warnings: [{ say: 'odd' }] } }]],
])('%s: %s', (verdict, say, facts) => {
  expect(decideEdge(facts)).toMatchObject({ verdict, say });
});

test('what the driver can must stand in the evidence', () => {
  expect(decideEdge([web]).evidence).toEqual([
    { service: 'web', driver: 'haproxy', can: web.can, places: { all: 8, free: 6 } },
  ]);
});
