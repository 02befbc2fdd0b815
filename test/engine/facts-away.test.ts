import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import { Refusal } from '../../src/errors.ts';
import type { StepNode } from '../../src/playbook/types.ts';
import type { JsonSchema } from '../../src/runner/contract.ts';
import { fakeWorld } from '../support/fake-actions.ts';
import { emptyDisk, fakePorts, loop, playbook, programOf, step } from '../support/fake-run.ts';

const schema: JsonSchema = { type: 'object', properties: { good: { type: 'boolean', description: 'Whether it is.' } } };

/** A run whose one fact, `weather`, cannot be read, because the engine does not answer. */
async function runBlind(steps: StepNode[]) {
  const world = fakeWorld();
  const program = await programOf(world, playbook(steps));
  const ports = fakePorts(world, emptyDisk());
  const types = await ports.world.types();
  const blind = {
    ...ports.world,
    factNames: ['weather'],
    types: async () => ({ ...types, facts: { weather: schema } }),
    facts: async (names: readonly string[]) => {
      if (names.length > 0) throw new Refusal('unavailable', 'the engine does not answer');
      return {};
    },
  };
  const state = await executeRun(program, { ...ports, world: blind }, { intent: 'run' });
  return { state, world };
}

const set = (id: string, name: string) => step(id, 'fake.set', { name, values: ['1'] });

test('a condition whose facts cannot be read must fail its step and take the run back, not leave it', async () => {
  const { state, world } = await runBlind([set('a', 'x'), { ...set('b', 'y'), when: 'weather.good' }]);
  expect(state.steps[1]).toMatchObject({ id: 'b', status: 'failed', error: { class: 'unavailable' } });
  expect(state.status).toBe('rolled-back');
  expect(world.values.size).toBe(0);
});

test('the same condition must fail a block that it stands before', async () => {
  const over = loop('each', '["p", "q"]', [set('b', '{{item}}')], { when: 'weather.good' });
  const { state } = await runBlind([set('a', 'x'), over]);
  expect(state.steps[1]).toMatchObject({ id: 'each', status: 'failed', error: { class: 'unavailable' } });
  expect(state.status).toBe('rolled-back');
});

test('a retry.if whose facts cannot be read must give no other try, and say why', async () => {
  const retry = { attempts: 3, backoff: { from: 1, to: 1 }, if: 'weather.good' };
  const { state } = await runBlind([set('a', 'x'), step('b', 'fake.fail', {}, { retry })]);
  expect(state.steps[1]).toMatchObject({ status: 'failed', attempts: 1 });
  expect(state.steps[1]?.error?.hint).toContain('could not be evaluated: the engine does not answer');
  expect(state.status).toBe('rolled-back');
});
