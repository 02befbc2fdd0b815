import { describe, expect, it } from 'vitest';
import { batchOf, isGivenUp, outermostLoop, stepName } from '../../src/engine/batch-name.ts';
import type { RunEventBody } from '../../src/engine/events.ts';
import type { Json } from '../../src/runner/schema.ts';
import { created, ended, started, stateOf } from '../support/events.ts';

const loop = (step: string, ...batches: Json[]): RunEventBody[] => [
  started(step, 'for_each'),
  { type: 'loop.entered', step, batches },
];

describe('the name of a batch', () => {
  it.each<[string, Json[], string]>([
    ['its text', ['web', 'api'], 'web · act'],
    ['the name of what it is', [{ name: 'web' }, { name: 'api' }], 'web · act'],
    ['its number, where it is a list', [['a'], ['b', 'c']], 'each 1 of 2 · act'],
    ['its number, where it is a number', [1, 2, 3], 'each 1 of 3 · act'],
    ['the short form of an id', ['a1'.repeat(32)], 'a1a1a1a1a1a1 · act'],
  ])('must be %s', (_, batches, name) => {
    const state = stateOf(created(), ...loop('each', ...batches), started('act[1]', 'shell.run'));
    expect(stepName(state, 'act[1]')).toBe(name);
  });

  it('must be the step alone outside of loops', () => {
    expect(stepName(stateOf(created(), started('up', 'compose.up')), 'up')).toBe('up');
  });

  it('must be of both loops where one stands in the other, and count only where there is more than one', () => {
    const state = stateOf(
      created(),
      ...loop('roll', { name: 'web' }, { name: 'api' }),
      ...loop('batches[1]', ['a'], ['b']),
      started('start[1.2]', 'replicas.start'),
      ended('batches[1]'),
      ...loop('batches[2]', ['c']),
      started('start[2.1]', 'replicas.start'),
    );
    expect(batchOf(state, 'start[1.2]')?.name).toBe('web 2 of 2');
    expect(batchOf(state, 'start[2.1]')?.name).toBe('api');
    expect(outermostLoop(state, 'start[2.1]')).toBe('roll');
  });

  it('must be of the loop that the step stands in, though one before it numbers its batches alike', () => {
    const state = stateOf(
      created(),
      ...loop('first', 'web'),
      started('one[1]', 'shell.run'),
      ended('first'),
      ...loop('second', 'api'),
      started('two[1]', 'shell.run'),
    );
    expect(batchOf(state, 'one[1]')?.name).toBe('web');
    expect(batchOf(state, 'two[1]')?.name).toBe('api');
    expect(batchOf(state, 'one[1]')?.key).not.toBe(batchOf(state, 'two[1]')?.key);
  });

  it('must tell steps of a batch that was given up, those of loops inside it too', () => {
    const state = stateOf(
      created(),
      ...loop('roll', 'web', 'api'),
      ...loop('batches[1]', ['a']),
      started('start[1.1]', 'replicas.start'),
      { type: 'batch.given_up', step: 'roll', batch: 1, error: { class: 'exit', message: 'no' } },
      ...loop('batches[2]', ['b']),
      started('start[2.1]', 'replicas.start'),
    );
    expect(isGivenUp(state, 'start[1.1]')).toBe(true);
    expect(isGivenUp(state, 'start[2.1]')).toBe(false);
  });
});
