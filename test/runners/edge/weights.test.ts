import { expect, test } from 'vitest';
import { wishes } from '../../../runners/edge/switch-run.ts';
import { splitWeights } from '../../../runners/edge/weights.ts';

test.each([
  [50, 1, 1, { to: 100, from: 100 }],
  [10, 1, 1, { to: 11, from: 100 }],
  [1, 4, 1, { to: 1, from: 100 }],
  [50, 1, 3, { to: 100, from: 33 }],
  [90, 2, 2, { to: 100, from: 11 }],
  [100, 2, 2, { to: 100, from: 0 }],
])(
  '%d %% to %d containers beside %d must be split by weight, and nobody left without any',
  (percent, to, from, weights) => {
    expect(splitWeights(percent, to, from)).toEqual(weights);
  },
);

const at = (container: string, state: 'ready' | 'drain' | 'out', weight = 100) =>
  ({ name: container, container, state, weight, check: 'passes', sessions: 0 }) as const;

test('a switch must tell the edge only what is not so yet', () => {
  const can = { weights: true };
  const switched = [at('blue', 'drain'), at('green', 'ready')];
  expect(wishes({ from: ['blue'], percent: 100 }, ['green'], switched, can)).toEqual([]);
  expect(wishes({ from: ['blue'], percent: 100 }, ['green'], [at('blue', 'ready')], can)).toEqual([
    { container: 'green', state: 'ready', weight: 100 },
    { container: 'blue', state: 'drain' },
  ]);
  // The way back is the same step with the colours changed.
  expect(wishes({ from: ['green'], percent: 100 }, ['blue'], switched, can)).toEqual([
    { container: 'blue', state: 'ready', weight: 100 },
    { container: 'green', state: 'drain' },
  ]);
});

test('an edge without weights must not be told any', () => {
  const told = wishes({ from: ['blue'], percent: 100 }, ['green'], [at('blue', 'ready')], { weights: false });
  expect(told[0]).toEqual({ container: 'green', state: 'ready' });
});
