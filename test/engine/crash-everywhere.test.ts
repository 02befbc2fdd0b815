import { describe, expect, test } from 'vitest';
import type { Intent } from '../../src/engine/decide.ts';
import type { Program } from '../../src/engine/program.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { exactly, inShape } from '../support/fake-stack/compare.ts';
import { carry, copyOf, type Host, hostOf, type Remains } from '../support/fake-stack/process.ts';
import { programOfScenario, type Scenario } from '../support/fake-stack/scenario.ts';
import { SCENARIOS } from '../support/fake-stack/scenarios.ts';
import { faultsIn, takeUp } from '../support/fake-stack/take-up.ts';

// Killed after every event, every file and every change; and killed a second time while it is taken up.

type Whole = { program: Program; before: unknown; after: unknown; cuts: Remains[] };

async function whole(scenario: Scenario): Promise<Whole> {
  const program = await programOfScenario(scenario);
  const host = hostOf(scenario.model);
  const before = exactly(host.model);
  const { state, cuts } = await carry(host, program, { intent: 'run' }, () => true);
  expect(state.status).toBe('succeeded');
  return { program, before, after: inShape(host.model), cuts: cuts.slice(0, -1) };
}

function undoable({ host: { events } }: Remains): boolean {
  return events.length > 0 && foldEvents(events).pivot_passed === undefined;
}

type Sweep = { program: Program; intent: Intent; look: typeof exactly; expected: { status: string; stack: unknown } };

/**
 * Takes up what remained at every cut, each a second time after another cut on the way; the second ones are spread evenly.
 * Gives how many there were: fewer than a run has events would be no sweep.
 */
async function sweep(cuts: readonly Remains[], { program, intent, look, expected }: Sweep): Promise<number> {
  const reached = { ...expected, faults: [] };
  const found = (host: Host, status: string) => ({ status, stack: look(host.model), faults: faultsIn(host.events) });
  let points = 1;
  for (const [index, cut] of cuts.entries()) {
    const host = copyOf(cut.host);
    const first = await takeUp(host, program, intent, 1 + ((index * 7919) % points));
    expect(found(host, first.state.status), `cut after ${cut.after}`).toEqual(reached);
    points = first.points;
    if (!first.cut) continue;
    const second = await takeUp(first.cut.host, program, intent);
    const where = `cut after ${cut.after}, then after ${first.cut.after}`;
    expect(found(first.cut.host, second.state.status), where).toEqual(reached);
  }
  return cuts.length;
}

/** Thousands of runs. */
const PATIENT = 10 * 60_000;

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  const final = 'shipped' in scenario.playbook && scenario.playbook.shipped === 'prune';

  test(
    'F67 F68 F71 cut anywhere, and cut again, must reach by resume what it reaches uncut',
    async () => {
      const { program, after: stack, cuts } = await whole(scenario);
      const expected = { status: 'succeeded', stack };
      expect(await sweep(cuts, { program, intent: 'run', look: inShape, expected })).toBeGreaterThan(20);
    },
    PATIENT,
  );

  test.skipIf(final)(
    'F64 cut before its pivot has ended, and cut again, must reach by undo the state before',
    async () => {
      const { program, before: stack, cuts } = await whole(scenario);
      const expected = { status: 'rolled-back', stack };
      const swept = await sweep(cuts.filter(undoable), { program, intent: 'undo', look: exactly, expected });
      expect(swept).toBeGreaterThan(10);
    },
    PATIENT,
  );
});
