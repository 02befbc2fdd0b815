import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Playbook, StepNode } from '../../src/playbook/types.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-actions.ts';
import {
  Crash,
  type Disk,
  emptyDisk,
  fakePorts,
  loop,
  parallel,
  playbook,
  programOf,
  step,
} from '../support/fake-run.ts';

const list = (...items: string[]) => step('list', 'fake.list', { items });
const setItem = (id = 'each') => step(id, 'fake.set', { name: '{{item}}', values: ['new'] });
const over = (inside: StepNode[], more = {}) => loop('all', 'steps.list.items', inside, more);
/** Fails in the batch of one item only. */
const failOn = (name: string) => step('fail', 'fake.fail', {}, { when: `item == "${name}"` });

type Ran = { state: RunState; world: FakeWorld; disk: Disk };

async function run(book: Playbook, world = fakeWorld()): Promise<Ran> {
  const disk = emptyDisk();
  const state = await executeRun(await programOf(world, book), fakePorts(world, disk), { intent: 'run' });
  return { state, world, disk };
}

test('a loop must do its steps once per item, in order, each in its own batch', async () => {
  const { state, world } = await run(playbook([list('p', 'q'), over([setItem(), step('b', 'fake.pause', { ms: 1 })])]));
  expect(state.status).toBe('succeeded');
  expect(world.done).toEqual(['list p q', 'set p=new', 'pause', 'set q=new', 'pause', 'settle p', 'settle q']);
  expect(state.steps.map(({ id }) => id)).toEqual(['list', 'all', 'each[1]', 'b[1]', 'each[2]', 'b[2]']);
  expect(state.steps.find(({ id }) => id === 'all')?.outputs).toEqual({ batches: 2, given_up: 0 });
});

test('a loop with batch sizes must give each batch its list of items, the last size repeated', async () => {
  const inside = [step('inner', 'fake.list', { items: '{{some}}' })];
  const batch = [1, { percent: 50 }];
  const { world } = await run(playbook([list('p', 'q', 'r', 's', 't'), over(inside, { as: 'some', batch })]));
  expect(world.done.slice(1)).toEqual(['list p', 'list q r s', 'list t']);
});

test('a loop over nothing must do nothing', async () => {
  const { state, world } = await run(playbook([list(), over([setItem()])]));
  expect(state.status).toBe('nothing-to-do');
  expect(world.done).toEqual(['list ']);
});

test('a failure in the second batch must take the first one back as well, backwards', async () => {
  const world = fakeWorld({ p: 'old', q: 'old' });
  const { state } = await run(playbook([list('p', 'q', 'r'), over([setItem(), failOn('q')])]), world);
  expect(state.status).toBe('rolled-back');
  expect(state.undo?.step).toBe('fail[2]');
  expect(world.done.slice(1)).toEqual(['set p=new', 'set q=new', 'undo q=old', 'undo p=old']);
  expect([...world.values]).toEqual([
    ['p', 'old'],
    ['q', 'old'],
  ]);
});

test('where a batch may fail, it alone must be taken back, and the next one follow', async () => {
  const world = fakeWorld({ p: 'old', q: 'old', r: 'old' });
  const { state } = await run(playbook([list('p', 'q', 'r'), over([setItem(), failOn('q')], { allow: 1 })]), world);
  expect(state.status).toBe('succeeded');
  expect([...world.values]).toEqual([
    ['p', 'new'],
    ['q', 'old'],
    ['r', 'new'],
  ]);
  expect(state.steps.find(({ id }) => id === 'all')?.outputs).toEqual({ batches: 3, given_up: 1 });
});

test('when more batches fail than may, everything must be taken back', async () => {
  const world = fakeWorld({ p: 'old', q: 'old' });
  const { state } = await run(
    playbook([list('p', 'q'), over([setItem(), step('fail', 'fake.fail', {})], { allow: 1 })]),
    world,
  );
  expect(state.status).toBe('rolled-back');
  expect([...world.values]).toEqual([
    ['p', 'old'],
    ['q', 'old'],
  ]);
});

test('where a batch that failed cannot be taken back, the run must turn back, and never be called a success', async () => {
  const world = fakeWorld({ a: 'old', q: 'old' });
  const stubborn = step('each', 'fake.stubborn', { name: '{{item}}', values: ['new'] }, { when: 'item == "q"' });
  const book = [
    step('a', 'fake.set', { name: 'a', values: ['new'] }),
    list('q', 'r'),
    over([stubborn, failOn('q')], { allow: 1 }),
  ];
  const { state } = await run(playbook(book), world);
  expect(state.status).toBe('partially-rolled-back');
  expect(state.say).toContain('it is stuck');
  expect(world.values.get('a')).toBe('old');
  const kept = await run(playbook(book, { rollback: { on: [], verify: [], triggers: [] } }), fakeWorld({ q: 'old' }));
  expect(kept.state.status).toBe('failed');
  expect(kept.state.say).toContain('it is stuck');
});

test('between two batches the run must pause, and not before the first nor within one', async () => {
  const { disk } = await run(
    playbook([list('p', 'q'), over([setItem(), step('b', 'fake.pause', { ms: 1 })], { delay: 5_000 })]),
  );
  const at = (type: string, id: string) =>
    disk.events.find((event) => event.type === type && 'step' in event && event.step === id)?.at ?? Number.NaN;
  expect(at('step.started', 'each[1]') - at('step.ended', 'list')).toBeLessThan(5_000);
  expect(at('step.started', 'b[1]') - at('step.ended', 'each[1]')).toBeLessThan(5_000);
  expect(at('step.started', 'each[2]') - at('step.ended', 'b[1]')).toBeGreaterThanOrEqual(5_000);
});

test('loops inside loops must see the variables around them, and steps of their own batch only', async () => {
  const inner = loop('inside', 'steps.inner.items', [step('b', 'fake.list', { items: ['{{item}}', '{{other}}'] })], {
    as: 'other',
  });
  const outer = over([step('inner', 'fake.list', { items: ['{{item}}1', '{{item}}2'] }), inner]);
  const { world, state } = await run(playbook([list('p', 'q'), outer]));
  expect(world.done.filter((line) => /^list . .\d$/.test(line))).toEqual([
    'list p p1',
    'list p p2',
    'list q q1',
    'list q q2',
  ]);
  expect(state.steps.some(({ id }) => id === 'b[2.1]')).toBe(true);
});

test('a loop whose list is known before must be planned batch by batch, and be bound to that', async () => {
  const program = await programOf(fakeWorld(), playbook([list('p', 'q'), over([setItem()])]));
  expect(program.plan.changes).toMatchObject([
    { step: 'each[1]', target: 'p', in_batch: { loop: 'all', batch: 1, of: 2 } },
    { step: 'each[2]', target: 'q', in_batch: { loop: 'all', batch: 2, of: 2 } },
  ]);
  expect(program.plan.steps).toMatchObject([{ id: 'list' }, { id: 'all', batches: 2 }, { id: 'each', inside: 'all' }]);
});

test('a loop whose list is not known before must be said to be undecided, and still run', async () => {
  const unknown = step('list', 'fake.list', { items: ['p'], foreseen: false });
  const book = playbook([unknown, over([setItem()])]);
  const { plan } = await programOf(fakeWorld(), book);
  expect(plan.steps.find(({ id }) => id === 'each')).toMatchObject({ inside: 'all', undecided: 'list' });
  expect(plan.changes).toMatchObject([{ step: 'each', open: true, certainty: 'unknown' }]);
  expect((await run(book)).state.status).toBe('succeeded');
});

test('F75 a batch that the plan did not list must not be done', async () => {
  const world = fakeWorld();
  const program = await programOf(world, playbook([list('p'), over([setItem()])]));
  const more = { ...program, playbook: playbook([list('p', 'q'), over([setItem()])]) };
  const state = await executeRun(more, fakePorts(world, emptyDisk()), { intent: 'run' });
  expect(state.status).toBe('rolled-back');
  expect(state.say).toContain('q: the plan did not list');
  expect([...world.values]).toEqual([]);
});

test('steps of a parallel must go on at the same time, and all that follows see what they gave', async () => {
  const inside = [step('a', 'fake.pause', { ms: 50 }), step('b', 'fake.set', { name: 'x', values: ['1'] })];
  const { world, state, disk } = await run(
    playbook([parallel('both', inside), step('c', 'fake.list', { items: ['{{steps.b.value}}'] })]),
  );
  expect(state.status).toBe('succeeded');
  expect(world.done).toEqual(['pause', 'set x=1', 'list 1', 'settle x']);
  const ended = disk.events.flatMap((event) => (event.type === 'step.ended' ? [event.step] : []));
  expect(ended).toEqual(['b', 'a', 'both', 'c']);
});

test('the first failure in a parallel must stop the others, and be the cause that is told', async () => {
  const inside = [
    step('a', 'fake.pause', { ms: 60_000 }),
    step('b', 'fake.set', { name: 'x', values: ['1'] }),
    step('flaky', 'fake.fail', {}),
  ];
  const { world, state } = await run(playbook([parallel('both', inside)]));
  expect(state.status).toBe('rolled-back');
  expect(state.undo?.step).toBe('flaky');
  expect(state.steps.find(({ id }) => id === 'a')?.error?.message).toContain('stopped, because flaky failed');
  expect(world.values.size).toBe(0);
});

test('the deadline must stop what a parallel tries again, without waiting for its last attempt', async () => {
  const retry = { attempts: 5, backoff: { from: 30_000, to: 30_000 } };
  const inside = [step('a', 'fake.pause', { ms: 1 }), step('b', 'fake.fail', {}, { retry })];
  const { state } = await run(playbook([parallel('both', inside)], { deadline: 40_000 }));
  expect(state.undo?.cause).toBe('timeout');
  expect((state.ended_at ?? Number.NaN) - (state.started_at ?? 0)).toBeLessThan(45_000);
  expect(state.steps.find(({ id }) => id === 'b')?.attempts).toBe(2);
});

const book = playbook([
  list('p', 'q', 'r'),
  over([setItem(), step('b', 'fake.pause', { ms: 1 })], { as: 'item', delay: 10 }),
  parallel('both', [
    step('a', 'fake.set', { name: 'x', values: ['1', '2'] }),
    step('c', 'fake.set', { name: 'y', values: ['1'] }),
  ]),
  step('flaky', 'fake.pause', { ms: 1 }, { pivot: true }),
]);

test('cut after every event, a run with loops must reach by resume what it reaches uncut, and by undo the state before', async () => {
  const uncut = await run(book, fakeWorld({ p: 'old' }));
  expect(uncut.state.status).toBe('succeeded');
  for (let cut = 1; cut < uncut.disk.events.length; cut += 1) {
    for (const intent of ['run', 'undo'] as const) {
      const world = fakeWorld({ p: 'old' });
      const disk = emptyDisk();
      const program = await programOf(world, book);
      await executeRun(program, fakePorts(world, disk, { crashAfter: cut }), { intent: 'run' }).catch(
        (thrown: unknown) => expect(thrown).toBeInstanceOf(Crash),
      );
      const state = foldEvents(disk.events);
      if (intent === 'undo' && state.pivot_passed !== undefined) continue;
      const ended = await executeRun(program, fakePorts(world, disk), { state, intent });
      const values = [...world.values].sort();
      expect({ cut, intent, values }).toEqual({
        cut,
        intent,
        values: intent === 'run' ? [...uncut.world.values].sort() : [['p', 'old']],
      });
      expect(ended.ended_at).toBeDefined();
    }
  }
});
