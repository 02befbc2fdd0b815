import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Defect, Refusal, StepFailure } from '../../src/errors.ts';
import { buildPlan, type PlanOptions } from '../../src/plan/build.ts';
import type { GuardVerdict } from '../../src/plan/types.ts';
import type { GuardUse, Step } from '../../src/playbook/types.ts';
import {
  type AnyAction,
  type AnyGuard,
  type Change,
  defineAction,
  defineFacts,
  defineGuard,
  type Judgement,
  type Look,
  type Runner,
} from '../../src/runner/contract.ts';
import { createRegistry } from '../../src/runner/registry.ts';
import { NIGHT, ROOT } from '../support/events.ts';
import { playbook, step } from '../support/fake-run.ts';

const place = { file: 'test.yml', line: 1, column: 1 };
const text = { type: 'string', description: 'A text.' } as const;
const open = { type: 'object', additionalProperties: false, properties: { tag: text } } as const;
const outputs = {
  type: 'object',
  additionalProperties: false,
  properties: { image: text, ok: { type: 'boolean' } },
} as const;

type Planner = (params: { tag?: string }, look: Look, earlier: readonly Change[]) => Promise<Change[]>;

function action(plan: Planner, more: Partial<AnyAction> = {}): AnyAction {
  const base = defineAction<{ tag?: string }, null, { ok: boolean }>({
    summary: 'Acts.',
    params: open,
    examples: [],
    effect: 'convergent',
    outputs,
    timeout: '1m30s',
    plan,
    run: async () => Promise.reject(new Defect('planning must never act')),
    undo: async () => undefined,
  });
  return { ...base, ...more };
}

function guard(judge: AnyGuard['judge'], gate?: true): AnyGuard {
  return { ...defineGuard({ summary: 'Asks.', params: open, examples: [], judge }), ...(gate ? { gate } : {}) };
}

function change(verb: Change['verb'], target: string, more: Partial<Change> = {}): Change {
  return { verb, target, because: ['it differs'], certainty: 'certain', ...more };
}

const stack = {
  project: 'shop',
  directory: '/srv/shop',
  files: [],
  services: 1,
  profiles: [],
  engine_id: 'E1',
  engine_name: 'vm',
  engine_version: '26.1.5',
  compose_version: '2.26.1',
};

type World = {
  runners?: Record<string, Runner>;
  steps?: Step[];
  guards?: GuardUse[];
  more?: Partial<PlanOptions>;
  book?: Parameters<typeof playbook>[1];
};

/** Plans a playbook made of `runners`; `t.up` recreates web, `t.keep` keeps it, `t.wait` watches. */
async function planned({ runners = {}, steps = [step('up', 't.up', {})], guards = [], more = {}, book = {} }: World) {
  const offers: Record<string, Runner> = {
    't.up': action(async () => [change('recreate', 'web', { binds: { image: 'a' } }), change('keep', 'db')]),
    't.keep': action(async () => [change('keep', 'web')]),
    't.wait': action(async () => [change('wait', 'soak', { takes: 5000 })], {
      effect: 'pure',
      undo: { unneeded: 'It changes nothing.' },
    }),
    't.final': action(async () => [change('run', 'migrate')], { undo: { impossible: 'what it writes stays' } }),
    ...runners,
  };
  const facts = defineFacts({
    summary: 'A fact.',
    schema: { type: 'object', properties: { calm: { type: 'boolean' } } },
    read: async () => ({ calm: true }),
  });
  const family = { name: 't', summary: 'Tests.', offers, facts: { stack: facts } };
  const registry = createRegistry({ t: { load: async () => family, offers: Object.keys(offers), facts: ['stack'] } });
  const asked: string[][] = [];
  const look = {
    target: { directory: '/srv/shop', files: [], env_files: [], profiles: [], env: {} },
    hmac: (bytes: string) => createHmac('sha256', 'key').update(bytes).digest('hex'),
    measured: async () => [],
  } as unknown as Look;
  const plan = await buildPlan({
    playbook: playbook(steps, { guards, ...book }),
    inputs: {},
    tainted: [],
    registry,
    look,
    header: stack,
    facts: async (names) => {
      asked.push([...names]);
      return { stack: { calm: true } };
    },
    overrides: [],
    actor: ROOT,
    now: NIGHT,
    ...more,
  });
  return { plan, asked };
}

const uses = (id: string, name: string, more: Partial<GuardUse> = {}): GuardUse => ({
  id,
  uses: name,
  level: 'no-go',
  place,
  ...more,
});
const says = (verdict: Judgement['verdict'], say: string) => guard(async () => ({ verdict, say }));
const brief = (guards: readonly GuardVerdict[]) =>
  guards.map((each) => `${each.step ?? ''}${each.step ? '.' : ''}${each.id} ${each.verdict}`);

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

describe('a step of a plan', () => {
  it('must be skipped with the condition that is false', async () => {
    const { plan } = await planned({
      steps: [step('up', 't.up', {}, { when: 'has(inputs.tag)' })],
      book: { inputs: { tag: { type: 'string', required: false } } },
    });
    expect(plan.steps[0]).toMatchObject({ skipped: '`has(inputs.tag)` is false' });
    expect(plan).toMatchObject({ changes: [], verdict: 'nothing-to-do' });
  });

  it('F77 must be unknown as a whole until the step has ended whose output it takes', async () => {
    const { plan } = await planned({
      steps: [step('up', 't.up', {}), step('smoke', 't.up', { tag: '{{steps.up.image}}' })],
    });
    expect(plan.steps[1]).toMatchObject({ id: 'smoke', undecided: 'up' });
    expect(plan.changes.at(-1)).toMatchObject({
      step: 'smoke',
      open: true,
      certainty: 'unknown',
      because: ['unknown until `up` has ended'],
    });
  });

  it('F77 must be listed as unknown where its condition waits for a step', async () => {
    const { plan } = await planned({
      steps: [step('pull', 't.keep', {}), step('up', 't.up', {}, { when: 'steps.pull.ok' })],
    });
    expect(plan.steps[1]).toMatchObject({ undecided: 'pull' });
    expect(plan.changes.map(({ target, certainty }) => `${target} ${certainty}`)).toEqual([
      'web certain',
      'web unknown',
      'db certain',
    ]);
  });

  it('F77 must not wait for a step that is skipped', async () => {
    const { plan } = await planned({
      steps: [step('pull', 't.keep', {}, { when: 'false' }), step('up', 't.up', {}, { when: '!has(steps.pull.ok)' })],
    });
    expect(plan.steps.map((each) => each.undecided)).toEqual([undefined, undefined]);
  });

  it('F80 must be a no-go where its condition cannot be evaluated', async () => {
    const { plan } = await planned({
      steps: [step('up', 't.up', {}, { when: 'inputs.tag == "x"' })],
      book: { inputs: { tag: { type: 'string', required: false } } },
    });
    expect(brief(plan.guards)).toEqual(['up.up no-go']);
    expect(plan.guards[0]?.say).toMatch(/^could not evaluate `when`: /);
  });

  it('that must not be done must be a no-go of that step, and the others are planned all the same', async () => {
    const refusing = action(async () =>
      Promise.reject(new Refusal('no-go', 'the network would change', { hint: 'Do it by hand.' })),
    );
    const { plan } = await planned({
      runners: { 't.refusing': refusing },
      steps: [step('net', 't.refusing', {}), step('up', 't.up', {})],
    });
    expect(plan.guards).toEqual([
      { id: 'net', step: 'net', verdict: 'no-go', say: 'the network would change', hint: 'Do it by hand.' },
    ]);
    expect(plan.changes.map((each) => each.target)).toEqual(['web', 'db']);
    expect(plan.verdict).toBe('no-go');
  });

  it.each([
    ['a refusal', new Refusal('unavailable', 'nobody answers')],
    ['a failure', new StepFailure('nobody answers', { class: 'unavailable' })],
  ])('must end planning where the engine is away, told by %s', async (_, thrown) => {
    const away = action(async () => Promise.reject(thrown));
    await expect(planned({ runners: { 't.up': away } })).rejects.toMatchObject({
      name: 'Refusal',
      reason: 'unavailable',
      message: 'nobody answers',
    });
  });

  it('must not hide a bug of ours behind a no-go', async () => {
    await expect(
      planned({ runners: { 't.up': action(async () => Promise.reject(new Defect('impossible'))) } }),
    ).rejects.toThrow(Defect);
    await expect(planned({ steps: [step('up', 't.nothing', {})] })).rejects.toThrow(Defect);
  });

  it('must have its own time limit, else that of its action', async () => {
    const { plan } = await planned({ steps: [step('a', 't.up', {}, { timeout: 5000 }), step('b', 't.up', {})] });
    expect(plan.steps.map((each) => each.timeout)).toEqual([5000, 90_000]);
  });
});

describe('the way back of a plan', () => {
  const wayBack = async (world: World) => (await planned(world)).plan.way_back;

  it('must end with the pivot, or with the last step where there is none', async () => {
    const steps = (pivot: boolean) => [
      step('up', 't.up', {}),
      step('soak', 't.wait', {}, { pivot }),
      step('more', 't.up', {}),
    ];
    expect((await wayBack({ steps: steps(true) })).until).toBe('soak');
    expect((await wayBack({ steps: steps(false) })).until).toBe('more');
  });

  it('must name what cannot be taken back: by its action, by the playbook, by the change', async () => {
    const dropping = action(async () => [change('remove', 'volume x', { irreversible: 'its data is gone' })]);
    const steps = [
      step('migrate', 't.final', {}),
      step('tell', 't.up', {}, { undo: { none: true, because: 'a mail is a mail' } }),
      step('drop', 't.change', {}),
    ];
    expect(await wayBack({ runners: { 't.change': dropping }, steps })).toMatchObject({
      impossible: ['migrate: what it writes stays', 'tell: a mail is a mail', 'volume x: its data is gone'],
    });
  });

  it('must not name what is done after the pivot, nor what changes nothing', async () => {
    const none = { undo: { none: true, because: 'no' } } as const;
    const steps = [
      step('keep', 't.keep', {}, none),
      step('up', 't.up', {}, { pivot: true }),
      step('after', 't.final', {}),
    ];
    expect((await wayBack({ steps })).impossible).toEqual([]);
  });

  it('must not name a step that has an undo of its own', async () => {
    const steps = [step('migrate', 't.final', {}, { undo: { uses: 't.up', with: {} } })];
    expect((await wayBack({ steps })).impossible).toEqual([]);
  });

  it('must say that a playbook which is a way back has none', async () => {
    expect(await wayBack({ book: { rollback: 'never' } })).toEqual({
      until: '',
      impossible: ['this playbook is itself a way back'],
    });
  });

  it('must warn where a failure takes nothing back', async () => {
    const { plan } = await planned({ book: { rollback: { on: ['cancel'], verify: [] } } });
    expect(plan.warnings).toEqual(['a step that fails takes nothing back, as `rollback.on` does not name `failure`']);
  });
});
