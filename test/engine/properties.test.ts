import fc from 'fast-check';
import { expect, test } from 'vitest';
import { executeRun } from '../../src/engine/engine.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Playbook, Step } from '../../src/playbook/types.ts';
import { fakeWorld } from '../support/fake-actions.ts';
import { Crash, emptyDisk, fakePorts, playbook, programOf, step } from '../support/fake-run.ts';

const names = ['p', 'q', 'r'] as const;
const shape = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      name: fc.constantFrom(...names),
      values: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), pivot: fc.boolean() }) },
);
const before = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('0', '1'));

/** A playbook in which no name is set twice: planned steps must do what the plan said, in any order. */
function bookOf(shapes: readonly { kind: string; name?: string; values?: string[]; pivot?: boolean }[]): Playbook {
  const used = new Set<string>();
  let pivots = 0;
  const steps: Step[] = [];
  for (const [index, each] of shapes.entries()) {
    if (each.kind === 'fail') steps.push(step(`s${index}`, 'fake.fail', {}));
    if (each.kind === 'pause')
      steps.push(step(`s${index}`, 'fake.pause', { ms: 3 }, { pivot: Boolean(each.pivot) && pivots++ === 0 }));
    if (each.kind === 'set' && each.name !== undefined && !used.has(each.name)) {
      used.add(each.name);
      steps.push(step(`s${index}`, 'fake.set', { name: each.name, values: each.values ?? [] }));
    }
  }
  return playbook(steps.length > 0 ? steps : [step('only', 'fake.pause', { ms: 1 })]);
}

test('whatever the steps are, a run must end done, or with everything as before, or failed after the pivot', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { maxLength: 6 }), before, async (shapes, values) => {
      const world = fakeWorld(values);
      const disk = emptyDisk();
      const program = await programOf(world, bookOf(shapes));
      const state = await executeRun(program, fakePorts(world, disk), { intent: 'run' });
      expect(['succeeded', 'nothing-to-do', 'rolled-back', 'failed']).toContain(state.status);
      if (state.status === 'rolled-back') expect([...world.values].sort()).toEqual(Object.entries(values).sort());
      if (state.status === 'failed') expect(state.pivot_passed).toBeDefined();
      expect(state.receipts.filter((receipt) => receipt.status === 'open' && state.status === 'succeeded')).toEqual([]);
      expect(foldEvents(disk.events)).toEqual(state);
    }),
    { numRuns: 150 },
  );
});

test('wherever a run is cut, and wherever its undo is cut, taking it back must reach the state before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 5 }),
      before,
      fc.nat(30),
      fc.nat(12),
      async (shapes, values, first, second) => {
        const world = fakeWorld(values);
        const disk = emptyDisk();
        const program = await programOf(world, bookOf(shapes));
        const crashed = await executeRun(program, fakePorts(world, disk, { crashAfter: first + 1 }), {
          intent: 'run',
        }).then(
          () => false,
          (thrown) => thrown instanceof Crash,
        );
        if (!crashed || foldEvents(disk.events).pivot_passed !== undefined) return;
        const cut = disk.events.length + second + 1;
        const undo = (crashAfter?: number) =>
          executeRun(program, fakePorts(world, disk, crashAfter === undefined ? {} : { crashAfter }), {
            state: foldEvents(disk.events),
            intent: 'undo',
          });
        await undo(cut).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(Crash));
        if (foldEvents(disk.events).ended_at === undefined) await undo();
        expect([...world.values].sort()).toEqual(Object.entries(values).sort());
      },
    ),
    { numRuns: 200 },
  );
});
