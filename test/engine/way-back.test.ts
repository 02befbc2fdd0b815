import { expect, test } from 'vitest';
import { executeRun, type Start } from '../../src/engine/engine.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Plan } from '../../src/plan/types.ts';
import type { Playbook } from '../../src/playbook/types.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-actions.ts';
import {
  Crash,
  type Disk,
  emptyDisk,
  type FakeOptions,
  fakePorts,
  parallel,
  playbook,
  programOf,
  step,
  trigger,
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

test('the undo must go on past one that fails, and name what is left', async () => {
  const stuck = step('stuck', 'fake.stubborn', { name: 'y', values: ['1'] });
  const { state, world } = await run(playbook([set('a', 'x', '1'), stuck, fail()]));
  expect(state.status).toBe('partially-rolled-back');
  expect(state.say).toContain('stuck: it is stuck');
  expect(world.values.has('x')).toBe(false);
});

test('the files that a stack is made from must be back before anything is started again', async () => {
  const world = fakeWorld({ files: 'old', x: 'old' });
  const disk = emptyDisk();
  const program = await programOf(world, playbook([set('checkout', 'files', 'new'), set('a', 'x', '1'), fail()]));
  const state = await executeRun({ ...program, sources: 'checkout' }, fakePorts(world, disk), { intent: 'run' });
  expect(state.status).toBe('rolled-back');
  expect(world.done.slice(-2)).toEqual(['undo files=old', 'undo x=old']);
});

test('a run that changed nothing but files must be nothing to do, and keep them', async () => {
  const world = fakeWorld({ files: 'old' });
  const disk = emptyDisk();
  const book = playbook([set('checkout', 'files', 'new')]);
  const program = { ...(await programOf(world, book)), sources: 'checkout' };
  const state = await executeRun(program, fakePorts(world, disk), { intent: 'run' });
  expect(state.status).toBe('nothing-to-do');
  expect(world.values.get('files')).toBe('new');
});

test('an undo that failed must be done again together with all that were to follow it', async () => {
  const world = fakeWorld({ x: 'old' });
  const disk = emptyDisk();
  const program = await programOf(world, playbook([set('a', 'x', '1', '2'), fail()]));
  const ports = fakePorts(world, disk);
  let cut = 1;
  // The file of the newer receipt cannot be read once: the older one is undone before it.
  const receipts: typeof ports.receipts = {
    ...ports.receipts,
    async read(ref) {
      if (ref.file.startsWith('2-') && cut-- > 0) throw new StepFailure('it is locked', { class: 'conflict' });
      return ports.receipts.read(ref);
    },
  };
  const first = await executeRun(program, { ...ports, receipts }, { intent: 'run' });
  expect(first.status).toBe('partially-rolled-back');
  const again = await executeRun(program, ports, { state: foldEvents(disk.events), intent: 'undo' });
  expect(world.done.slice(2)).toEqual(['undo x=old', 'undo x=1', 'undo x=old']);
  expect(again.status).toBe('rolled-back');
});

test('who asks to stop when the run has ended, or waits for a person, must change nothing of its record', async () => {
  const books = [playbook([set('a', 'x', '1')]), playbook([step('a', 'fake.opaque', { name: 'x', values: ['1'] })])];
  for (const [index, book] of books.entries()) {
    const world = fakeWorld();
    const disk = emptyDisk();
    const program = await programOf(world, { ...book, deadline: 60_000 });
    const cancel = new AbortController();
    const control = { cancel: cancel.signal, abandon: new AbortController().signal };
    const watch: FakeOptions['watch'] = ({ type }) => {
      if (type === 'run.ended' || type === 'run.parked') cancel.abort({ user: 'ann', host: 'vm' });
    };
    const cut = index === 0 ? {} : { crashAfter: 5 };
    const run = executeRun(program, fakePorts(world, disk, { control, watch, ...cut }), { intent: 'run' });
    if (index === 0) await run;
    else {
      await run.catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
      const state = foldEvents(disk.events);
      await executeRun(program, fakePorts(world, disk, { control, watch }), { state, intent: 'run' });
    }
    expect(cancel.signal.aborted).toBe(true);
    expect(disk.events.at(-1)?.type).toBe(index === 0 ? 'run.ended' : 'run.parked');
  }
});

test('a cancel that comes after the pivot must not keep a run from waiting for its next attempt', async () => {
  const retry = { attempts: 2, backoff: { from: 5_000, to: 5_000 } };
  const once = step('b', 'fake.fail', { times: 1 }, { retry });
  const first = set('a', 'x', '1');
  for (const node of [once, parallel('both', [once, step('c', 'fake.pause', { ms: 1 })])]) {
    const cancel = new AbortController();
    const control = { cancel: cancel.signal, abandon: new AbortController().signal };
    const watch: FakeOptions['watch'] = ({ type }) => {
      if (type === 'step.failed') cancel.abort({ user: 'ann', host: 'vm' });
    };
    const { state } = await run(playbook([{ ...first, pivot: true }, node]), fakeWorld(), { control, watch });
    expect(state.status).toBe('succeeded');
    expect(state.steps.find(({ id }) => id === 'b')?.attempts).toBe(2);
  }
});

test('what tripped before must not keep a check of the way back from waiting for its next attempt', async () => {
  const world = fakeWorld({ x: 'old', web: 'good' });
  const retry = { attempts: 2, backoff: { from: 5_000, to: 5_000 } };
  const check = step('check', 'fake.fail', { times: 1 }, { retry });
  const book = playbook([set('a', 'x', '1'), step('soak', 'fake.pause', { ms: 1_000 }), check], {
    rollback: { on: ['trigger'], verify: ['check'], triggers: [trigger('bad', 'web')] },
  });
  const watch: FakeOptions['watch'] = (event) => {
    if (event.type === 'step.started' && event.step === 'soak') world.values.set('web', 'bad');
  };
  const { state } = await run(book, world, { watch });
  expect(state.undo?.cause).toBe('trigger');
  expect(state.status).toBe('rolled-back');
});

test('an undo of which nothing worked must end as rollback-failed', async () => {
  const { state } = await run(playbook([step('stuck', 'fake.stubborn', { name: 'y', values: ['1'] }), fail()]));
  expect(state.status).toBe('rollback-failed');
});

test('F47 F51 a playbook that puts a release back and fails must end as rollback-failed, and take nothing back', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(world, playbook([set('a', 'x', '1'), fail()], { rollback: 'never' }));
  const back = { ...program, target: { ...program.target, release: 'r1' } };
  const state = await executeRun(back, fakePorts(world, disk, {}), { intent: 'run' });
  expect(state.status).toBe('rollback-failed');
  expect(state.say).toMatch(/fail failed: .*shop is not back on release r1: what was changed so far stays/);
  expect(world.done).toEqual(['set x=1']);
});

test('what has no way back must stay, be named, and not be counted as lost', async () => {
  const mail = step('mail', 'fake.final', { name: 'mail', values: ['sent'] });
  const { state, world } = await run(playbook([mail, set('a', 'x', '1'), fail()]));
  expect([...world.values]).toEqual([['mail', 'sent']]);
  expect(state.status).toBe('rolled-back');
  expect(state.say).toContain('mail stays done: it was sent.');
});

test("a step's own undo must be run in place of the built-in one", async () => {
  const own = { ...set('a', 'x', '1'), undo: { uses: 'fake.set', with: { name: 'x', values: ['by hand'] } } };
  const { world } = await run(playbook([own, fail()]), fakeWorld({ x: 'by hand' }));
  expect(world.done).toEqual(['set x=1', 'set x=by hand']);
});

test('an undo during which the engine goes away must leave a run to be taken up, never a failed rollback', async () => {
  const world = fakeWorld();
  world.engineAway = 100;
  const { state } = await run(playbook([set('a', 'x', '1'), fail()]), world);
  expect(state.ended_at).toBeUndefined();
  expect(state.receipts[0]?.status).toBe('undoing');
});

test('an undo must outlast an engine that is away for a moment', async () => {
  const world = fakeWorld();
  world.engineAway = 2;
  const { state } = await run(playbook([set('a', 'x', '1'), fail()]), world);
  expect(state.status).toBe('rolled-back');
});

test('a stack that cannot be compared because the engine is away must leave a run to be taken up', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(world, playbook([set('a', 'x', '1'), fail()]));
  const ports = fakePorts(world, disk);
  let away = 100;
  const compare: typeof ports.world.compare = async (look) => {
    away -= 1;
    if (away >= 0) throw new Refusal('unavailable', 'the engine is away');
    return ports.world.compare(look);
  };
  const run = (more: Start) => executeRun(program, { ...ports, world: { ...ports.world, compare } }, more);
  const left = await run({ intent: 'run' });
  expect([left.ended_at, left.compared]).toEqual([undefined, undefined]);
  away = 2;
  expect((await run({ state: foldEvents(disk.events), intent: 'run' })).status).toBe('rolled-back');
});

test('a comparison that fails for any other reason must be said to be missing, and end the run', async () => {
  const world = fakeWorld();
  const ports = fakePorts(world, emptyDisk());
  const compare = async () => Promise.reject(new Error('before.json is gone'));
  const program = await programOf(world, playbook([set('a', 'x', '1'), fail()]));
  const state = await executeRun(program, { ...ports, world: { ...ports.world, compare } }, { intent: 'run' });
  expect(state.status).toBe('partially-rolled-back');
  expect(state.say).toContain('could not be compared with what it was: before.json is gone');
});

test('rollback.verify must run after the undo where something ran before, and not where nothing did', async () => {
  const steps = [set('a', 'x', '1'), step('fine', 'fake.look', { name: 'x', is: '2' })];
  const rollback = { on: ['failure' as const], verify: ['fine'], triggers: [] };
  expect((await run(playbook(steps, { rollback }), fakeWorld({ x: '0' }))).world.done.at(-1)).toBe('verify x');
  expect((await run(playbook(steps, { rollback }))).world.done.at(-1)).toBe('undo x=nothing');
});

test('what a probed step kept to tell of it must go when the run is taken back', async () => {
  const told = step('told', 'fake.told', { name: 'x', values: ['1'] });
  const { state, world } = await run(playbook([set('a', 'y', '1'), told, fail()]));
  expect(world.done).toEqual(['set y=1', 'set x=1', 'undo y=nothing', 'settle x']);
  expect(state.receipts.map(({ status }) => status)).toEqual(['undone', 'settled']);
});

test('what a probed step with an undo of its own kept must go with that undo', async () => {
  const undo = { uses: 'fake.look', with: { name: 'x', is: '1' } };
  const { state, world } = await run(
    playbook([{ ...step('told', 'fake.told', { name: 'x', values: ['1'] }), undo }, fail()]),
  );
  expect(world.done).toEqual(['set x=1', 'settle x', 'look at x']);
  expect(state.receipts.map(({ status }) => status)).toEqual(['undone', 'undone']);
});

test('a run that was cut while it kept what ran before must have that made whole when it is taken back, and only then', async () => {
  const completed = async (events: number, intent: 'run' | 'crash') => {
    const world = fakeWorld();
    const disk = emptyDisk();
    const program = await programOf(world, playbook([set('a', 'x', '1')]));
    const cut = executeRun(program, fakePorts(world, disk, { crashAfter: events }), { intent: 'run' });
    await expect(cut).rejects.toBeInstanceOf(Crash);
    let asked = 0;
    const ports = fakePorts(world, disk);
    ports.world.completeAdoption = async () => {
      asked += 1;
    };
    await executeRun(program, ports, { state: foldEvents(disk.events), intent });
    return { asked, kinds: disk.events.slice(0, events).map(({ type }) => type) };
  };
  const started = await completed(3, 'crash');
  expect(started.kinds).not.toContain('stack.captured');
  expect(started.asked).toBe(1);
  expect((await completed(3, 'run')).asked).toBe(0);
  expect(await completed(4, 'crash')).toEqual({ asked: 0, kinds: expect.arrayContaining(['stack.captured']) });
});
