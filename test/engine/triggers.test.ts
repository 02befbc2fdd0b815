import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import type { RunEvent } from '../../src/engine/events.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Playbook, StepNode, TriggerUse } from '../../src/playbook/types.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-actions.ts';
import {
  Crash,
  type Disk,
  emptyDisk,
  type FakeOptions,
  fakePorts,
  playbook,
  programOf,
  step,
  trigger,
} from '../support/fake-run.ts';

const set = (id: string, name: string, value: string) => step(id, 'fake.set', { name, values: [value] });
const soak = (ms: number, more = {}) =>
  step('soak', 'fake.pause', { ms }, { pivot: true, timeout: 3_600_000, ...more });

function watched(
  steps: StepNode[],
  triggers: TriggerUse[],
  on: ('trigger' | 'failure')[] = ['trigger', 'failure'],
): Playbook {
  return playbook(steps, { rollback: { on, verify: [], triggers } });
}

type Ran = { state: RunState; world: FakeWorld; disk: Disk };

async function run(
  book: Playbook,
  world = fakeWorld({ x: 'old', web: 'good' }),
  options: FakeOptions = {},
): Promise<Ran> {
  const disk = emptyDisk();
  const state = await executeRun(await programOf(world, book), fakePorts(world, disk, options), { intent: 'run' });
  return { state, world, disk };
}

/** Changes the world when the run comes to an event. */
function when(world: FakeWorld, type: RunEvent['type'], name: string, value?: string): FakeOptions {
  return {
    watch(event) {
      if (event.type !== type) return;
      if (value === undefined) world.values.delete(name);
      else world.values.set(name, value);
    },
  };
}

test('F24 a trigger that trips in the soak must end it at once and take everything back', async () => {
  const world = fakeWorld({ x: 'old', web: 'good' });
  const book = watched([set('a', 'x', 'new'), soak(60_000)], [trigger('web', 'web', { from: 'a' })]);
  const { state, disk } = await run(book, world, when(world, 'trigger.opened', 'web', 'bad'));
  expect(state.status).toBe('rolled-back');
  expect(state.undo).toMatchObject({ cause: 'trigger', trigger: 'web' });
  expect(state.say).toContain('web is bad');
  expect(world.values.get('x')).toBe('old');
  const at = (type: RunEvent['type']) => disk.events.find((event) => event.type === type)?.at ?? Number.NaN;
  expect(at('undo.started') - at('trigger.tripped')).toBeLessThan(200);
  expect(at('undo.started') - at('trigger.opened')).toBeLessThan(1_000);
});

test('a trigger must not watch before its `from` has ended, nor after its `until`', async () => {
  const world = fakeWorld({ web: 'good' });
  const steps = [set('a', 'x', '1'), set('b', 'y', '1'), set('c', 'z', '1'), soak(50)];
  const { disk, state } = await run(watched(steps, [trigger('web', 'web', { from: 'a', until: 'b' })]), world);
  const order = disk.events.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type));
  expect(order.indexOf('trigger.opened')).toBeGreaterThan(order.indexOf('step.ended a'));
  expect(order.indexOf('trigger.closed')).toBeGreaterThan(order.indexOf('step.ended b'));
  expect(order.indexOf('trigger.closed')).toBeLessThan(order.indexOf('step.ended soak'));
  expect(state.status).toBe('succeeded');
});

test('no trigger must watch before the first change, nor in a run that changes nothing', async () => {
  const { disk, state } = await run(watched([set('a', 'x', 'old'), soak(1)], [trigger('web', 'web')]));
  expect(state.status).toBe('nothing-to-do');
  expect(disk.events.filter(({ type }) => type.startsWith('trigger.'))).toEqual([]);
});

test('what still watches must not have the last word: a run ends, or is parked, once it has closed', async () => {
  const book = watched([set('a', 'x', 'new'), step('b', 'fake.fail', {})], [trigger('web', 'web')], ['trigger']);
  const { disk, state } = await run(book);
  expect(state.status).toBe('failed');
  expect(disk.events.slice(-2).map(({ type }) => type)).toEqual(['trigger.closed', 'run.ended']);

  const opaque = watched([step('a', 'fake.opaque', { name: 'x', values: ['1', '2'] })], [trigger('web', 'web')]);
  const cut = emptyDisk();
  const world = fakeWorld({ web: 'good' });
  const program = await programOf(world, opaque);
  // After the change, before the step has ended.
  const ports = fakePorts(world, cut, { crashAfter: 7 });
  await executeRun(program, ports, { intent: 'run' }).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
  await executeRun(program, fakePorts(world, cut), { state: foldEvents(cut.events), intent: 'run' });
  expect(cut.events.at(-1)?.type).toBe('run.parked');
});

test('a trigger that was bad before the run must say so and not roll back in vain', async () => {
  const world = fakeWorld({ web: 'bad' });
  const { state } = await run(watched([set('a', 'x', '1'), soak(100)], [trigger('web', 'web', { from: 'a' })]), world);
  expect(state.status).toBe('succeeded');
  expect(state.triggers[0]?.because).toContain('bad before the run');
});

test('a trigger that was bad before, then good, then bad again, must roll back', async () => {
  const world = fakeWorld({ web: 'bad' });
  const options: FakeOptions = {
    watch(event) {
      if (event.type === 'trigger.set_aside') world.values.set('web', 'good');
      if (event.type === 'trigger.noted' && event.now === 'good') world.values.set('web', 'bad');
    },
  };
  const { state } = await run(
    watched([set('a', 'x', '1'), soak(60_000)], [trigger('web', 'web', { from: 'a' })]),
    world,
    options,
  );
  expect(state.status).toBe('rolled-back');
});

test('it must take as many bad samples as `trip` says: one flap is no reason', async () => {
  const world = fakeWorld({ web: 'good' });
  let bad = 0;
  const options: FakeOptions = {
    watch(event) {
      if (event.type !== 'trigger.noted') return;
      if (event.now === 'good' && bad === 0) world.values.set('web', 'bad');
      if (event.now === 'bad') {
        bad += 1;
        world.values.set('web', 'good');
      }
    },
  };
  const { state } = await run(
    watched([set('a', 'x', '1'), soak(500)], [trigger('web', 'web', { from: 'a', trip: { bad: 3, of: 5 } })]),
    world,
    options,
  );
  expect(bad).toBe(1);
  expect(state.status).toBe('succeeded');
});

test('the condition `bad` of the playbook must judge in place of the trigger', async () => {
  const world = fakeWorld({ web: 'odd' });
  const { state } = await run(
    watched([set('a', 'x', '1'), soak(1_000)], [trigger('web', 'web', { from: 'a', bad: 'sample.value == "odd"' })]),
    world,
  );
  expect(state.status).toBe('rolled-back');
});

test('F26 what cannot be measured must not trip; with `ignore` the run goes on without', async () => {
  const world = fakeWorld({ web: 'good' });
  const book = watched([set('a', 'x', '1'), soak(200)], [trigger('web', 'web', { from: 'a' })]);
  const { state } = await run(book, world, when(world, 'trigger.opened', 'web'));
  expect(state.status).toBe('succeeded');
  expect(state.triggers[0]).toMatchObject({ now: 'no-data', status: 'closed' });
});

test('F26 with `pause` the run must wait at the end of the window until something is measured', async () => {
  const world = fakeWorld({ web: 'good' });
  const book = watched([set('a', 'x', '1'), soak(200)], [trigger('web', 'web', { from: 'a', no_data: 'pause' })]);
  let blind = false;
  const options: FakeOptions = {
    watch(event) {
      if (event.type === 'trigger.opened') world.values.delete('web');
      if (event.type === 'step.ended' && event.step === 'soak') blind = true;
      if (blind) setImmediate(() => setImmediate(() => world.values.set('web', 'good')));
    },
  };
  const { state, disk } = await run(book, world, options);
  expect(state.status).toBe('succeeded');
  const at = (type: RunEvent['type']) => disk.events.findLastIndex((event) => event.type === type);
  const good = disk.events.findLastIndex((event) => event.type === 'trigger.noted' && event.now === 'good');
  expect(good).toBeLessThan(at('pivot.passed'));
});

test('F26 with `pause` a run that never gets data must go back, and say why', async () => {
  const triggers = [trigger('web', 'slow', { from: 'a', no_data: 'pause' })];
  const rollback = { on: ['trigger' as const, 'timeout' as const], verify: [], triggers };
  const { state } = await run(playbook([set('a', 'x', '1'), soak(200)], { rollback }), fakeWorld({ x: 'old' }));
  expect(state.status).toBe('rolled-back');
  expect(state.say).toContain('web could not be measured');
});

test('a trigger whose cause lies outside must say so, and not roll back', async () => {
  const world = fakeWorld({ web: 'good' });
  const options: FakeOptions = {
    watch(event) {
      if (event.type === 'trigger.opened') {
        world.engineAway = 1_000;
        world.values.set('web', 'bad');
      }
      if (event.type === 'trigger.set_aside') {
        world.engineAway = 0;
        world.values.set('web', 'good');
      }
    },
  };
  const { state } = await run(
    watched([set('a', 'x', '1'), soak(500)], [trigger('web', 'web', { from: 'a' })]),
    world,
    options,
  );
  expect(state.status).toBe('succeeded');
  expect(state.triggers[0]?.because).toContain('the cause lies outside: the engine is away');
});

test('without `trigger` in `rollback.on` nothing must be watched, and the plan says so', async () => {
  const book = watched([set('a', 'x', '1'), soak(50)], [trigger('web', 'web')], ['failure']);
  const program = await programOf(fakeWorld({ web: 'bad' }), book);
  expect(program.plan.triggers[0]?.off).toContain('`rollback.on`');
  const { state } = await run(book, fakeWorld({ web: 'bad' }));
  expect(state.triggers).toEqual([]);
});

test('a window too short for what a trigger needs must be a no-go that names both', async () => {
  const pausing = { id: 'soak', uses: 'fake.soak', with: { ms: 1_000 } };
  const book = watched(
    [set('a', 'x', '1'), step(pausing.id, pausing.uses, pausing.with, { pivot: true })],
    [trigger('web', 'web', { from: 'a', with: { name: 'web', needs: 5_000 } })],
  );
  const { plan } = await programOf(fakeWorld(), book);
  expect(plan.guards).toMatchObject([{ id: 'web', verdict: 'no-go' }]);
  expect(plan.guards[0]?.say).toMatch(/1 s.* 5 s/);
});

test('after a crash in the soak the triggers must watch again, with what they had measured before', async () => {
  const values = { x: 'old', web: 'good' };
  const book = watched([set('a', 'x', 'new'), soak(1_000)], [trigger('web', 'web', { from: 'a' })]);
  const uncut = await run(book, fakeWorld(values));
  const crashAfter = uncut.disk.events.findIndex(({ type }) => type === 'trigger.noted') + 1;
  const world = fakeWorld(values);
  const disk = emptyDisk();
  const program = await programOf(world, book);
  await executeRun(program, fakePorts(world, disk, { crashAfter }), { intent: 'run' }).catch((thrown: unknown) =>
    expect(thrown).toBeInstanceOf(Crash),
  );
  world.values.set('web', 'bad');
  const state = await executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent: 'run' });
  expect(state.status).toBe('rolled-back');
  expect(state.triggers[0]?.baseline).toMatchObject({ bad: false });
  expect(world.values.get('x')).toBe('old');
});
