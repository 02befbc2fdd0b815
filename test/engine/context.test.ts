import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSession } from '../../src/engine/context.ts';
import { goLive } from '../../src/engine/live.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { StepFailure } from '../../src/errors.ts';
import { fakeWorld } from '../support/fake-actions.ts';
import { emptyDisk, fakePorts, playbook, programOf } from '../support/fake-run.ts';

test('a journal that refuses what an action only notes must be met at the step’s end, not kill the process', async () => {
  const world = fakeWorld();
  const ports = fakePorts(world, emptyDisk());
  const live = await goLive(await programOf(world, playbook([])), ports, undefined);
  ports.journal.append = () => Promise.reject(new Error('the disk is full'));
  const look = ports.world.look(ports.control.cancel);
  const { context, flush } = openSession(live, { step: 'up', phase: 'steps', look });
  // An unhandled rejection would fail this test run.
  context.measure('gap:web', 5);
  for (let line = 0; line < 150; line += 1) context.log(`line ${line}`);
  await turn();
  await expect(flush()).rejects.toThrow('the disk is full');
});

test('no two receipts must have the same number, also where one of a parallel never got into the journal', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const program = await programOf(world, playbook([]));
  const { append } = fakePorts(world, disk).journal;
  await goLive(program, fakePorts(world, disk), undefined);
  await append({ type: 'receipt.recorded', step: 'b', receipt: 2, ref: { file: '2-b.json', hmac: 'h' } });
  const live = await goLive(program, fakePorts(world, disk), foldEvents(disk.events));
  expect(live.nextReceipt()).toBe(3);
});

test('a step that was left alone while its receipt was written must not record it any more', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const ports = fakePorts(world, disk);
  const live = await goLive(await programOf(world, playbook([])), ports, undefined);
  const stop = new AbortController();
  const { write } = ports.receipts;
  ports.receipts.write = async (...receipt) => {
    stop.abort(new StepFailure('it took too long', { class: 'timeout' }));
    return write(...receipt);
  };
  const { context } = openSession(live, { step: 'up', phase: 'steps', look: ports.world.look(stop.signal) });
  await expect(context.record(null)).rejects.toThrow('it took too long');
  expect(disk.events.some(({ type }) => type === 'receipt.recorded')).toBe(false);
});

test('a step that logs hundreds of lines must come to its end, with all of them stored in order', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const ports = fakePorts(world, disk);
  const live = await goLive(await programOf(world, playbook([])), ports, undefined);
  const look = ports.world.look(ports.control.cancel);
  const { context, flush } = openSession(live, { step: 'build', phase: 'steps', look });
  const lines = Array.from({ length: 250 }, (_, index) => `line ${index}`);
  for (const line of lines) context.log(line);
  await flush();
  expect(disk.events.flatMap((event) => (event.type === 'step.logged' ? event.lines : []))).toEqual(lines);
});

test('a step that never stops talking must not fill the disk: the rest is shown, and not kept', async () => {
  const world = fakeWorld();
  const disk = emptyDisk();
  const shown: string[] = [];
  const ports = { ...fakePorts(world, disk), watch: (event: object) => void ('line' in event && shown.push('line')) };
  const live = await goLive(await programOf(world, playbook([])), ports, undefined);
  const look = ports.world.look(ports.control.cancel);
  const { context, flush } = openSession(live, { step: 'build', phase: 'steps', look });
  for (let line = 0; line < 300; line += 1) context.log('x'.repeat(64 * 1024 - 1));
  await flush();
  const kept = disk.events.flatMap((event) => (event.type === 'step.logged' ? event.lines : []));
  expect(shown).toHaveLength(300);
  expect(kept).toHaveLength(65);
  expect(kept.at(-1)).toContain('not kept');
});
