import { describe, expect, it } from 'vitest';
import { Defect, StepFailure } from '../../src/errors.ts';
import type { Change, Look } from '../../src/runner/contract.ts';
import { step } from '../support/fake-run.ts';
import { action, brief, change, guard, place, planned, says, uses, type World } from '../support/planning.ts';

describe('a plan', () => {
  it('must list what each step would do, and what stays', async () => {
    const { plan } = await planned({});
    expect(plan.verdict).toBe('changes');
    expect(plan.changes.map(({ step: id, verb, target }) => `${id}: ${verb} ${target}`)).toEqual([
      'up: recreate web',
      'up: keep db',
    ]);
    expect(plan.steps).toEqual([{ id: 'up', uses: 't.up', pivot: false, effect: 'convergent', timeout: 90_000 }]);
  });

  it('must give a step the changes of those before it', async () => {
    const seen: string[][] = [];
    const watching = action(async (_, __, earlier) => {
      seen.push(earlier.map((each) => `${each.verb} ${each.target}`));
      return [];
    });
    await planned({
      runners: { 't.watching': watching },
      steps: [step('first', 't.watching', {}), step('up', 't.up', {}), step('last', 't.watching', {})],
    });
    expect(seen).toEqual([[], ['recreate web', 'keep db']]);
  });

  it('must be the same for the same facts, and another one for others', async () => {
    const [one, two] = [await planned({}), await planned({})];
    const other = await planned({
      runners: { 't.up': action(async () => [change('recreate', 'web', { binds: { image: 'b' } })]) },
    });
    expect(two.plan).toEqual(one.plan);
    expect(other.plan.plan_id).not.toBe(one.plan.plan_id);
  });

  it('must read only the facts that something asks for', async () => {
    expect((await planned({})).asked).toEqual([[]]);
    expect((await planned({ guards: [{ id: 'calm', that: 'stack.calm', level: 'no-go', place }] })).asked).toEqual([
      ['stack'],
    ]);
  });

  it('must survive being written as JSON', async () => {
    const { plan } = await planned({ guards: [uses('room', 't.go')], runners: { 't.go': says('go', 'fine') } });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('F74 the verdict of a plan', () => {
  const cases: [string, World, string][] = [
    ['changes', {}, 'changes'],
    ['nothing to do where all stays', { steps: [step('up', 't.keep', {})] }, 'nothing-to-do'],
    [
      'nothing to do where there is only something to wait for',
      { steps: [step('up', 't.keep', {}), step('soak', 't.wait', {})] },
      'nothing-to-do',
    ],
    [
      'nothing to do where only a release would be recorded',
      {
        runners: { 't.record': action(async () => [change('record', 'release r2')]) },
        steps: [step('record', 't.record', {})],
      },
      'nothing-to-do',
    ],
    ['no-go', { guards: [uses('room', 't.no')], runners: { 't.no': says('no-go', 'full') } }, 'no-go'],
    [
      'changes where a guard only warns',
      { guards: [uses('room', 't.no', { level: 'warn' })], runners: { 't.no': says('no-go', 'full') } },
      'changes',
    ],
    [
      'changes where the no-go is set aside',
      { guards: [uses('room', 't.no')], runners: { 't.no': says('no-go', 'full') }, more: { overrides: ['room'] } },
      'changes',
    ],
    [
      'undecided where a guard waits for a step',
      { guards: [{ id: 'late', that: 'steps.up.ok', level: 'no-go', place }] },
      'undecided',
    ],
    [
      'undecided where all that may change is unknown',
      { runners: { 't.up': action(async () => [change('recreate', 'web', { certainty: 'unknown' })]) } },
      'undecided',
    ],
  ];
  it.each(cases)('must be %s', async (_, world, verdict) => {
    expect((await planned(world)).plan.verdict).toBe(verdict);
  });
});

describe('guards of a plan', () => {
  it('must all be judged and reported, in their order, whatever the others say', async () => {
    const { plan } = await planned({
      guards: [
        uses('a', 't.no'),
        uses('b', 't.go'),
        uses('c', 't.broken'),
        { id: 'd', that: 'stack.calm', level: 'no-go', place },
      ],
      runners: {
        't.no': says('no-go', 'full'),
        't.go': says('go', 'fine'),
        't.broken': guard(async () => Promise.reject(new StepFailure('lost', { class: 'transient' }))),
      },
    });
    expect(brief(plan.guards)).toEqual(['a no-go', 'b go', 'c no-go', 'd go']);
  });

  it('must know what the steps would change', async () => {
    const seen: string[] = [];
    const room = guard(async (_: unknown, __: Look, earlier: readonly Change[]) => {
      seen.push(...earlier.map((each) => each.target));
      return { verdict: 'go', say: 'fine' };
    });
    await planned({ guards: [uses('room', 't.room')], runners: { 't.room': room } });
    expect(seen).toEqual(['web', 'db']);
  });

  it('must stop at a closed gate: nothing is planned, no fact is read, and every other guard says that it waits', async () => {
    const never = async (): Promise<never> => Promise.reject(new Defect('it must not be asked'));
    const { plan, asked } = await planned({
      guards: [
        uses('room', 't.never'),
        uses('engine', 't.gate'),
        { id: 'calm', that: 'stack.calm', level: 'no-go', place },
      ],
      runners: {
        't.never': guard(never),
        't.up': action(never),
        't.gate': guard(async () => ({ verdict: 'no-go', say: 'nobody answers' }), true),
      },
    });
    expect(brief(plan.guards)).toEqual(['room undecided', 'engine no-go', 'calm undecided']);
    expect(plan.guards[0]?.say).toBe('not judged, as `engine` is no-go');
    expect(plan).toMatchObject({ verdict: 'no-go', changes: [], steps: [] });
    expect(asked).toEqual([]);
  });

  it('must ask a gate that is open only once', async () => {
    let times = 0;
    const gate = guard(async () => {
      times += 1;
      return { verdict: 'go', say: 'it answers' };
    }, true);
    const { plan } = await planned({ guards: [uses('engine', 't.gate')], runners: { 't.gate': gate } });
    expect(times).toBe(1);
    expect(brief(plan.guards)).toEqual(['engine go']);
  });

  it('must refuse to set aside a guard that there is not, and name those there are', async () => {
    const attempt = planned({
      guards: [uses('room', 't.go')],
      runners: { 't.go': says('go', '') },
      more: { overrides: ['rom'] },
    });
    await expect(attempt).rejects.toMatchObject({ reason: 'usage', hint: 'Its guards are room.' });
  });

  it('of a step must be judged now only where nothing runs before it', async () => {
    const own = { guards: [uses('ready', 't.no')] };
    const runners = { 't.no': says('no-go', 'not ready') };
    const first = await planned({ runners, steps: [step('up', 't.up', {}, own)] });
    expect(brief(first.plan.guards)).toEqual(['up.ready no-go']);
    const second = await planned({ runners, steps: [step('pull', 't.keep', {}), step('up', 't.up', {}, own)] });
    expect(second.plan.guards).toEqual([
      { id: 'ready', step: 'up', verdict: 'undecided', say: 'it is judged when `pull` has ended', until: 'pull' },
    ]);
  });
});
