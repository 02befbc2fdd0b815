import { describe, expect, it } from 'vitest';
import { Defect, Refusal, StepFailure } from '../../src/errors.ts';
import { step } from '../support/fake-run.ts';
import { action, brief, change, planned, type World } from '../support/planning.ts';

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
      impossible: ['this playbook takes nothing back'],
    });
  });

  it('must warn where a failure takes nothing back', async () => {
    const { plan } = await planned({ book: { rollback: { on: ['cancel'], verify: [], triggers: [] } } });
    expect(plan.warnings).toEqual(['a step that fails takes nothing back, as `rollback.on` does not name `failure`']);
  });
});
