import { describe, expect, test } from 'vitest';
import { executeRun, type Start } from '../../src/engine/engine.ts';
import type { Decision, RunEvent } from '../../src/engine/events.ts';
import type { Program } from '../../src/engine/program.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Playbook, Step } from '../../src/playbook/types.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-actions.ts';
import { Crash, type Disk, emptyDisk, fakePorts, parallel, playbook, programOf, step } from '../support/fake-run.ts';

type Cut = { world: FakeWorld; disk: Disk; program: Program; go(start?: Partial<Start>): Promise<RunState> };

/** A run whose process died right after the first event that fits. */
async function cutAt(book: Playbook, fits: (event: RunEvent) => boolean, world = fakeWorld()): Promise<Cut> {
  const uncut = emptyDisk();
  const twin: FakeWorld = { ...fakeWorld(), values: new Map(world.values) };
  await executeRun(await programOf(twin, book), fakePorts(twin, uncut), { intent: 'run' });
  const crashAfter = uncut.events.findIndex(fits) + 1;
  const disk = emptyDisk();
  const program = await programOf(world, book);
  const cut = executeRun(program, fakePorts(world, disk, { crashAfter }), { intent: 'run' });
  await expect(cut).rejects.toThrow(Crash);
  const go = (start: Partial<Start> = {}) =>
    executeRun(program, fakePorts(world, disk), { state: foldEvents(disk.events), intent: 'run', ...start });
  return { world, disk, program, go };
}

const mail = (more: Partial<Step> = {}) => step('mail', 'fake.opaque', { name: 'mail', values: ['sent'] }, more);
const begun = (event: RunEvent) => event.type === 'step.started' && event.step === 'mail';
const receiptOf =
  (id: string) =>
  (event: RunEvent): boolean =>
    event.type === 'receipt.recorded' && event.step === id;

describe('a step that was cut', () => {
  test('before it recorded a change must be done, whatever its class: nothing had happened', async () => {
    const { go, world } = await cutAt(playbook([mail()]), begun);
    expect((await go()).status).toBe('succeeded');
    expect(world.done).toEqual(['set mail=sent', 'settle mail']);
  });

  test('in its second attempt must not be judged by the receipts of its first', async () => {
    const flaky = mail({ retry: { attempts: 2, backoff: { from: 1, to: 1 } }, expect: 'result.value == "never"' });
    const again = (event: RunEvent) => begun(event) && event.type === 'step.started' && event.attempt === 2;
    const { go, world } = await cutAt(playbook([{ ...flaky, id: 'mail' }]), again);
    const state = await go();
    expect(state.parked).toBeUndefined();
    expect(world.done.filter((line) => line === 'set mail=sent')).toHaveLength(1);
  });

  test('must be asked after by its action, and be done again where it has not happened', async () => {
    const book = playbook([step('a', 'fake.probed', { name: 'x', values: ['1'] })]);
    const { go, world, disk } = await cutAt(book, receiptOf('a'));
    const state = await go();
    expect(disk.events.find(({ type }) => type === 'step.probed')).toMatchObject({ found: 'not-done' });
    expect([state.status, state.steps[0]?.attempts]).toEqual(['succeeded', 2]);
    expect(world.done).toEqual(['probe x', 'set x=1', 'settle x', 'settle x']);
  });

  test('and has happened must count as ended, and not be done again', async () => {
    const book = playbook([step('a', 'fake.probed', { name: 'x', values: ['1'] })]);
    const { go, world } = await cutAt(book, receiptOf('a'));
    world.values.set('x', '1');
    expect((await go()).status).toBe('succeeded');
    expect(world.done).toEqual(['probe x', 'settle x']);
  });

  test('of which the world cannot tell must be parked, and be asked after again by the next resume', async () => {
    const book = playbook([step('a', 'fake.probed', { name: 'x', values: ['1'] })]);
    const { go, world } = await cutAt(book, receiptOf('a'));
    world.values.set('x', 'hidden');
    expect(await go()).toMatchObject({ status: 'needs-decision', parked: { step: 'a' } });
    world.values.set('x', '1');
    expect((await go()).status).toBe('succeeded');
  });

  test.each([
    ['2', 'not-done', ['look at x', 'set mail=sent', 'settle mail', 'settle mail']],
    ['1', 'done', ['look at x', 'settle mail']],
  ])("must be asked after by the playbook's own probe (%s: %s)", async (value, found, done) => {
    const probe = { uses: 'fake.look', with: { name: 'x', is: value }, done: 'result.value == "1"' };
    const { go, world, disk } = await cutAt(playbook([mail({ probe })]), receiptOf('mail'), fakeWorld({ x: value }));
    expect((await go()).status).toBe('succeeded');
    expect(disk.events.find(({ type }) => type === 'step.probed')).toMatchObject({ found });
    expect(world.done).toEqual(done);
  });

  test('must be parked where the probe itself fails, and say so', async () => {
    const probe = { uses: 'fake.look', with: { name: 'x', is: '9' }, done: 'result.value == "1"' };
    const { go } = await cutAt(playbook([mail({ probe })]), receiptOf('mail'), fakeWorld({ x: '1' }));
    const { status, parked } = await go();
    expect(status).toBe('needs-decision');
    expect(parked?.say).toContain('could not be found out: x is not 9');
  });

  test('in a parallel must be asked after before the others go on', async () => {
    const both = parallel('both', [step('a', 'fake.probed', { name: 'x', values: ['1'] }), mail()]);
    const { go, world } = await cutAt(playbook([both]), receiptOf('mail'));
    const state = await go();
    expect(state).toMatchObject({ status: 'needs-decision', parked: { step: 'mail' } });
    expect(world.done).not.toContain('set mail=sent');
  });
});

describe('what a person decides of a parked step', () => {
  const parked = async () => {
    const cut = await cutAt(playbook([mail(), step('b', 'fake.set', { name: 'x', values: ['1'] })]), receiptOf('mail'));
    expect((await cut.go()).status).toBe('needs-decision');
    return cut;
  };
  const as = (decision: Decision) => ({ decided: { step: 'mail', as: decision } });

  test('done must let the run go on with the next step', async () => {
    const { go, world } = await parked();
    expect((await go(as('done'))).status).toBe('succeeded');
    expect(world.done).toEqual(['set x=1', 'settle mail', 'settle x']);
  });

  test('retry must do it again', async () => {
    const { go, world } = await parked();
    expect((await go(as('retry'))).status).toBe('succeeded');
    expect(world.done).toEqual(['set mail=sent', 'set x=1', 'settle mail', 'settle mail', 'settle x']);
  });

  test('not-done must be a failure that names who said so, and take the run back', async () => {
    const { go, world } = await parked();
    const state = await go(as('not-done'));
    expect(state.status).toBe('rolled-back');
    expect(state.say).toContain('ann says that it has not happened');
    expect(world.values.size).toBe(0);
  });

  test('must be on record with who it was', async () => {
    const { go, disk } = await parked();
    await go(as('done'));
    const decided = disk.events.find(({ type }) => type === 'step.decided');
    expect(decided).toMatchObject({ step: 'mail', as: 'done', by: { user: 'ann' } });
  });
});

test('F64 a run that is taken back because its process died must say that, and reach the state before', async () => {
  const book = playbook([step('a', 'fake.set', { name: 'x', values: ['1', '2'] })]);
  const { go, world } = await cutAt(book, receiptOf('a'), fakeWorld({ x: '0' }));
  const state = await go({ intent: 'crash' });
  expect([state.status, state.undo?.cause, [...world.values]]).toEqual(['rolled-back', 'crash', [['x', '0']]]);
});

test('F75 a step that had changed nothing when it was cut must still do what the plan said, or nothing', async () => {
  const book = playbook([mail({ uses: 'fake.set' })]);
  const { go, world } = await cutAt(book, begun, fakeWorld({ mail: 'old' }));
  world.values.set('mail', 'changed by hand');
  const state = await go();
  expect(state.say).toContain('not what it was when the plan was made');
  expect(world.values.get('mail')).toBe('changed by hand');
});
