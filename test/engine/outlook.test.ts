import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import { outlook, type Prospect } from '../../src/engine/outlook.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Playbook, StepNode } from '../../src/playbook/types.ts';
import { fakeWorld } from '../support/fake-actions.ts';
import { Crash, emptyDisk, fakePorts, loop, playbook, programOf, step } from '../support/fake-run.ts';

const set = (id: string, uses = 'fake.set', more = {}) => step(id, uses, { name: id, values: ['1', '2'] }, more);

/** What is said of each step of a run that was cut after the last receipt of `last`. */
async function seen(steps: StepNode[], last: string, more: Partial<Playbook> & { intent?: 'run' | 'crash' } = {}) {
  const { intent = 'run', ...rest } = more;
  const book = playbook(steps, rest);
  const whole = emptyDisk();
  const twin = fakeWorld();
  await executeRun(await programOf(twin, book), fakePorts(twin, whole), { intent: 'run' });
  const crashAfter = whole.events.findLastIndex((each) => each.type === 'receipt.recorded' && each.step === last) + 1;
  const disk = emptyDisk();
  const world = fakeWorld();
  const program = await programOf(world, book);
  await expect(executeRun(program, fakePorts(world, disk, { crashAfter }), { intent: 'run' })).rejects.toThrow(Crash);
  const before = structuredClone(foldEvents(disk.events));
  const state = structuredClone(before);
  const found = outlook(program, state, { intent, now: state.created_at + 5_000 });
  expect(state, 'looking ahead must change nothing').toEqual(before);
  return { way: found.way, steps: found.steps.map(({ step, what }: Prospect) => [step, what]) };
}

test.each([
  ['fake.set', 'again'],
  ['fake.opaque', 'asked'],
  ['fake.probed', 'probed'],
])('of a cut %s it must be said: %s; of what came before, kept; of what follows, to come', async (uses, what) => {
  expect(await seen([set('a'), set('b', uses), set('c')], 'b')).toEqual({
    way: 'forward',
    steps: [
      ['a', 'kept'],
      ['b', what],
      ['c', 'next'],
    ],
  });
});

test('a loop that has not ended must be said to be to come, beside what is done of it', async () => {
  const list = step('list', 'fake.list', { items: ['p', 'q'] });
  const each = step('each', 'fake.set', { name: '{{item}}', values: ['new'] });
  const { steps } = await seen([list, loop('all', 'steps.list.items', [each])], 'each[2]');
  expect(steps).toEqual([
    ['list', 'kept'],
    ['each[1]', 'kept'],
    ['each[2]', 'again'],
    ['all', 'next'],
  ]);
});

test('going back must name each step once, last first, and what stays', async () => {
  expect(await seen([set('mail', 'fake.final'), set('a'), set('b')], 'b', { intent: 'crash' })).toEqual({
    way: 'back',
    steps: [
      ['b', 'undone'],
      ['a', 'undone'],
      ['mail', 'kept'],
    ],
  });
});

test('F66 a run whose deadline has passed meanwhile must be said to go back', async () => {
  expect((await seen([set('a'), set('b')], 'b', { deadline: 1_000 })).way).toBe('back');
});
