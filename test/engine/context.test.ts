import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSession } from '../../src/engine/context.ts';
import { goLive } from '../../src/engine/live.ts';
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
