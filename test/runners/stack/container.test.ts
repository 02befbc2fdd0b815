import { expect, test } from 'vitest';
import { countingOf } from '../../../runners/stack/container.ts';
import { container, id, observed } from './model-builders.ts';

test('what a run keeps for the way back must not count, whatever still runs must', () => {
  const stack = observed([
    container({ service: 'web', id: id('a'), status: 'exited' }),
    container({ service: 'web', id: id('b'), status: 'exited' }),
    container({ service: 'web', id: id('c'), status: 'running' }),
  ]);
  const counting = countingOf({ ...stack, kept: new Set([id('a'), id('c')]) }, 'web');
  expect(counting.map((one) => one.id)).toEqual([id('b'), id('c')]);
  expect(countingOf(stack, 'db')).toEqual([]);
});
