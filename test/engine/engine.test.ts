import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { StepFailure } from '../../src/errors.ts';
import type { Plan } from '../../src/plan/types.ts';
import type { Playbook } from '../../src/playbook/types.ts';
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
} from '../support/fake-run.ts';

const set = (id: string, name: string, ...values: string[]) => step(id, 'fake.set', { name, values });
const fail = (id = 'fail') => step(id, 'fake.fail', {});

type Ran = { state: RunState; world: FakeWorld; disk: Disk };

async function run(
  book: Playbook,
  world = fakeWorld(),
  options: FakeOptions = {},
  guards: Plan['guards'] = [],
): Promise<Ran> {
  const disk = emptyDisk();
  const program = await programOf(world, book, guards);
  const state = await executeRun(program, fakePorts(world, disk, options), { intent: 'run' });
  return { state, world, disk };
}

test('a run whose steps all succeed must end as succeeded, with what was kept settled', async () => {
  const { state, world } = await run(playbook([set('a', 'x', '1'), set('b', 'y', '2')]));
  expect(state.status).toBe('succeeded');
  expect(world.done).toEqual(['set x=1', 'set y=2', 'settle x', 'settle y']);
  expect(state.receipts.map((receipt) => receipt.status)).toEqual(['settled', 'settled']);
});

test('a run in which no step changed anything must end as nothing-to-do', async () => {
  const { state, world } = await run(playbook([set('a', 'x', '1')]), fakeWorld({ x: '1' }));
  expect(state.status).toBe('nothing-to-do');
  expect(world.done).toEqual([]);
});

test('F02 a failed step must undo the ones before it and its own part, last first', async () => {
  const world = fakeWorld({ x: 'old' });
  const { state } = await run(playbook([set('a', 'x', '1'), set('b', 'y', '2', '3'), fail()]), world);
  expect(state.status).toBe('rolled-back');
  expect(world.done.slice(3)).toEqual(['undo y=2', 'undo y=nothing', 'undo x=old']);
  expect([...world.values]).toEqual([['x', 'old']]);
  expect(state.say).toContain('web is unhealthy');
});

test('a no-go must change nothing and still run what must always run', async () => {
  const book = playbook([set('a', 'x', '1')], { always: [step('tell', 'fake.pause', { ms: 1 })] });
  const { state, world } = await run(book, fakeWorld(), {}, [{ id: 'room', verdict: 'no-go', say: 'No room.' }]);
  expect(state.status).toBe('no-go');
  expect(state.say).toBe('No room. Nothing was changed.');
  expect(world.done).toEqual(['pause']);
});

test.each<[string, Playbook['steps'], Plan['guards'], string]>([
  ['succeeded', [set('a', 'x', '1')], [], 'test is done.'],
  ['rolled-back', [set('a', 'x', '1'), fail()], [], 'fail failed: web is unhealthy.'],
  ['no-go', [set('a', 'x', '1')], [{ id: 'room', verdict: 'no-go', say: 'No room.' }], 'No room. Nothing was changed.'],
])('what must always run must know how the run ends, and why: %s', async (status, steps, guards, say) => {
  const told = [
    set('ended', 'told', '{{run.id}} {{run.status}} {{run.say}}'),
    { ...set('good', 'good', 'yes'), when: 'run.status == "succeeded"' },
  ];
  const { state, world } = await run(playbook(steps, { always: told }), fakeWorld(), {}, guards);
  expect({ status: state.status, say: state.say }).toMatchObject({ status, say: expect.stringContaining(say) });
  expect(world.values.get('told')).toBe(`${state.run} ${status} ${state.say}`);
  expect(world.values.get('good')).toBe(status === 'succeeded' ? 'yes' : undefined);
});

test('a no-go that was set aside must not stop the run', async () => {
  const guards: Plan['guards'] = [{ id: 'room', verdict: 'no-go', say: 'No room.', overridden_by: 'ann' }];
  const { state } = await run(playbook([set('a', 'x', '1')]), fakeWorld(), {}, guards);
  expect(state.status).toBe('succeeded');
});

test('after the pivot has ended a failure must not undo, and what was kept is gone', async () => {
  const pivot = step('soak', 'fake.pause', { ms: 5 }, { pivot: true });
  const { state, world } = await run(playbook([set('a', 'x', '1'), pivot, set('b', 'y', '2'), fail()]));
  expect(state.status).toBe('failed');
  expect(world.done).toEqual(['set x=1', 'pause', 'settle x', 'set y=2']);
  expect(state.say).toContain('What was changed stays');
});

test('a step that fails for a passing reason must be tried as often as it says, with the count in the journal', async () => {
  const retry = { attempts: 3, backoff: { from: 2_000, to: 30_000 }, if: 'error.class == "transient"' };
  const flaky = step('flaky', 'fake.fail', { times: 2, class: 'transient' }, { retry });
  const { state } = await run(playbook([flaky]));
  expect(state.steps[0]).toMatchObject({ status: 'done', attempts: 3, outputs: { value: 'after 2' } });
});

test('retry.if must hold for another attempt', async () => {
  const retry = { attempts: 3, backoff: { from: 1, to: 1 }, if: 'error.class == "transient"' };
  const { state } = await run(playbook([step('flaky', 'fake.fail', { times: 1 }, { retry })]));
  expect(state.steps[0]).toMatchObject({ status: 'failed', attempts: 1 });
});

test('F88 a step without an end of its own must still end, as a timeout, and be undone', async () => {
  const { state, world } = await run(playbook([set('a', 'x', '1'), step('hang', 'fake.pause', { ms: 10 ** 9 })]));
  expect(state.undo).toMatchObject({ cause: 'timeout', step: 'hang' });
  expect(state.status).toBe('rolled-back');
  expect(world.values.size).toBe(0);
});

test('the deadline of the run must stop a step in the middle and undo', async () => {
  const book = playbook([set('a', 'x', '1'), step('hang', 'fake.pause', { ms: 50_000 })], { deadline: 10_000 });
  const { state } = await run(book);
  expect(state.steps[1]?.error?.message).toContain('deadline');
  expect(state.status).toBe('rolled-back');
});

test('a cancel must stop the step, start nothing more, and put everything back', async () => {
  const cancel = new AbortController();
  const control = { cancel: cancel.signal, abandon: new AbortController().signal };
  const watch = (event: { type: string }) => {
    if (event.type === 'step.started' && disk.events.at(-1)?.type === 'step.started' && disk.events.length > 5)
      cancel.abort({ user: 'ann', host: 'vm' });
  };
  const disk = emptyDisk();
  const world = fakeWorld();
  const program = await programOf(
    world,
    playbook([set('a', 'x', '1'), step('hang', 'fake.pause', { ms: 50_000 }), set('c', 'z', '1')]),
  );
  const state = await executeRun(program, fakePorts(world, disk, { control, watch }), { intent: 'run' });
  expect(state.status).toBe('cancelled');
  expect(world.done).toEqual(['set x=1', 'pause', 'undo x=nothing']);
});

test('an abandoned run must stop at once, without an end, so that it can be taken up again', async () => {
  const abandon = new AbortController();
  const control = { cancel: new AbortController().signal, abandon: abandon.signal };
  const watch = (event: { type: string; step?: string }) => {
    if (event.type === 'step.started' && event.step === 'hang') abandon.abort(new Error('second Ctrl-C'));
  };
  const { state, world } = await run(
    playbook([set('a', 'x', '1'), step('hang', 'fake.pause', { ms: 50 })]),
    fakeWorld(),
    { control, watch },
  );
  expect(state.ended_at).toBeUndefined();
  expect(world.values.get('x')).toBe('1');
});

test('a step whose condition is false must be skipped, and one that cannot be evaluated must fail', async () => {
  const { state } = await run(
    playbook([
      { ...set('a', 'x', '1'), when: '1 == 2' },
      { ...set('b', 'y', '1'), when: 'steps.a.value == "1"' },
    ]),
  );
  expect(state.steps.map((each) => each.status)).toEqual(['skipped', 'failed']);
  expect(state.status).toBe('no-go');
});

test('an expectation that does not hold must be a failure after the effect', async () => {
  const { state, world } = await run(playbook([{ ...set('a', 'x', '1'), expect: 'result.value == "2"' }]));
  expect(state.steps[0]?.error?.class).toBe('expectation');
  expect(state.status).toBe('rolled-back');
  expect(world.values.size).toBe(0);
});

test('F83 a failing always step must stay visible and never change the result', async () => {
  const { state } = await run(playbook([set('a', 'x', '1')], { always: [fail('tell')] }));
  expect(state.status).toBe('succeeded');
  expect(state.steps.find((each) => each.id === 'tell')).toMatchObject({ phase: 'always', status: 'failed' });
});

test('F75 a step that would now do something else than planned must be refused before it changes anything', async () => {
  const world = fakeWorld({ x: 'old' });
  const program = await programOf(world, playbook([set('a', 'x', '1')]));
  world.values.set('x', 'changed by hand');
  const state = await executeRun(program, fakePorts(world, emptyDisk()), { intent: 'run' });
  expect(state.status).toBe('no-go');
  expect(world.values.get('x')).toBe('changed by hand');
});

test('the state must be the fold of the journal, for a live run as for a replay', async () => {
  const { state, disk } = await run(playbook([set('a', 'x', '1'), fail()]));
  expect(foldEvents(disk.events)).toEqual(state);
});

test('secrets must not reach the journal', async () => {
  const { disk } = await run(playbook([set('a', 'x', '1'), step('look', 'fake.look', { name: 'x', is: 'hunter2' })]));
  expect(JSON.stringify(disk.events)).not.toContain('hunter2');
});

const three = () =>
  playbook([
    set('a', 'x', '1', '2'),
    set('b', 'y', '1'),
    step('soak', 'fake.pause', { ms: 5 }, { pivot: true }),
    set('c', 'z', '1'),
  ]);

test('cut after any event, a resumed run must reach the end of one never cut', async () => {
  const whole = await run(three(), fakeWorld({ x: '0' }));
  for (let cut = 1; cut < whole.disk.events.length; cut++) {
    const { state, world } = await cutAndContinue(cut, 'run');
    expect([cut, state.status, [...world.values].sort()]).toEqual([cut, 'succeeded', [...whole.world.values].sort()]);
  }
});

test('cut after any event before the pivot, an undo must reach the state before', async () => {
  const whole = await run(three(), fakeWorld({ x: '0' }));
  const pivot = whole.disk.events.findIndex((event) => event.type === 'pivot.passed');
  for (let cut = 1; cut <= pivot; cut++) {
    const { state, world } = await cutAndContinue(cut, 'undo');
    expect([cut, state.status, [...world.values]]).toEqual([cut, 'rolled-back', [['x', '0']]]);
  }
});

async function cutAndContinue(cut: number, intent: 'run' | 'undo'): Promise<Ran> {
  const world = fakeWorld({ x: '0' });
  const disk = emptyDisk();
  const program = await programOf(world, three());
  await expect(executeRun(program, fakePorts(world, disk, { crashAfter: cut }), { intent: 'run' })).rejects.toThrow(
    Crash,
  );
  const state = await executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent });
  return { state, world, disk };
}

test('an opaque step that was cut must be parked for a person, and can still be taken back', async () => {
  const book = playbook([set('a', 'x', '1'), step('mail', 'fake.opaque', { name: 'y', values: ['1'] })]);
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(world, book);
  const cut =
    (await run(book)).disk.events.findIndex((event) => event.type === 'receipt.recorded' && event.step === 'mail') + 1;
  await expect(executeRun(program, fakePorts(world, disk, { crashAfter: cut }), { intent: 'run' })).rejects.toThrow(
    Crash,
  );
  const parked = await executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent: 'run' });
  expect(parked).toMatchObject({ status: 'needs-decision', parked: { step: 'mail' } });
  const undone = await executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent: 'undo' });
  expect([undone.status, world.values.size]).toEqual(['rolled-back', 0]);
});

test('F68 the count of attempts must survive a crash between two of them', async () => {
  const retry = { attempts: 3, backoff: { from: 1_000, to: 1_000 } };
  const book = playbook([step('flaky', 'fake.fail', {}, { retry })]);
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(world, book);
  const cut =
    (await run(book)).disk.events.findLastIndex((event) => event.type === 'step.failed' && event.attempt === 2) + 1;
  await expect(executeRun(program, fakePorts(world, disk, { crashAfter: cut }), { intent: 'run' })).rejects.toThrow(
    Crash,
  );
  const state = await executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent: 'run' });
  expect([state.steps[0]?.attempts, world.failures.get('fail')]).toEqual([3, 3]);
});

test('what is kept before the first change must be tried again where it failed for a passing reason', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(
    world,
    playbook([{ ...set('a', 'x', '1'), retry: { attempts: 2, backoff: { from: 1, to: 1 } } }]),
  );
  const ports = fakePorts(world, disk);
  let asked = 0;
  ports.world.adopt = async () => {
    asked += 1;
    if (asked === 1) throw new StepFailure('the engine is busy', { class: 'transient' });
    return undefined;
  };
  const state = await executeRun(program, ports, { intent: 'run' });
  expect([state.status, asked]).toEqual(['succeeded', 2]);
});
