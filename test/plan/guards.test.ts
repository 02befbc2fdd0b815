import { describe, expect, it } from 'vitest';
import { Defect, Problems, Refusal, StepFailure } from '../../src/errors.ts';
import { type JudgeOptions, judgeGuard } from '../../src/plan/guards.ts';
import type { GuardUse } from '../../src/playbook/types.ts';
import { type AnyGuard, defineGuard, type Judgement } from '../../src/runner/contract.ts';
import { ROOT } from '../support/events.ts';
import { sampleScope } from '../support/sample-scope.ts';

const place = { file: 'test.yml', line: 1, column: 1 };

function use(more: Partial<GuardUse>): GuardUse {
  return { id: 'room', level: 'no-go', place, ...more };
}

function answering(answer: () => Promise<Judgement>): AnyGuard {
  const params = {
    type: 'object',
    additionalProperties: false,
    properties: { tag: { type: 'string', description: 'A tag.' } },
  } as const;
  return defineGuard<{ tag?: string }>({ summary: 'Answers.', params, examples: [], judge: answer });
}

function judge(guard: Partial<GuardUse>, more: Partial<JudgeOptions> = {}, answer?: () => Promise<Judgement>) {
  const runner = answering(answer ?? (async () => ({ verdict: 'go', say: 'there is room' })));
  const options = {
    find: async () => runner,
    scope: sampleScope(),
    look: {} as JudgeOptions['look'],
    earlier: [],
    overrides: [],
    actor: ROOT,
  };
  return judgeGuard(use(guard), { ...options, ...more });
}

const asked = { uses: 'check.room' };
const noGo = async (): Promise<Judgement> => ({
  verdict: 'no-go',
  say: '2 GB are missing',
  hint: 'Free some.',
  evidence: { missing: 2 },
});
const throwing = (thrown: Error) => async (): Promise<Judgement> => Promise.reject(thrown);

describe('a guard', () => {
  it('must say what its runner says, with hint and evidence', async () => {
    expect(await judge(asked, {}, noGo)).toEqual({
      id: 'room',
      verdict: 'no-go',
      say: '2 GB are missing',
      hint: 'Free some.',
      evidence: { missing: 2 },
    });
  });

  it('must only warn where the playbook says so', async () => {
    expect(await judge({ ...asked, level: 'warn' }, {}, noGo)).toMatchObject({
      verdict: 'warn',
      say: '2 GB are missing',
    });
  });

  it('must stay a no-go when it is set aside, and say by whom', async () => {
    expect(await judge(asked, { overrides: ['room'] }, noGo)).toMatchObject({
      verdict: 'no-go',
      overridden_by: 'root@vm',
    });
    expect(await judge(asked, { overrides: ['ports'] }, noGo)).not.toHaveProperty('overridden_by');
    expect(await judge(asked, { overrides: ['room'] })).not.toHaveProperty('overridden_by');
  });

  it('must give its runner the changes that are planned, and the rendered parameters', async () => {
    const seen: unknown[] = [];
    const runner: AnyGuard = {
      ...answering(async () => ({ verdict: 'go', say: '' })),
      judge: async (...given: unknown[]) => {
        seen.push(given[0], given[2]);
        return { verdict: 'go', say: 'fine' };
      },
    };
    const earlier = [{ verb: 'create', target: 'web', because: [], certainty: 'certain' }] as const;
    await judge(
      { ...asked, with: { tag: '{{inputs.tag}}' } },
      { find: async () => runner, earlier: earlier.map((change) => ({ ...change, because: [] })) },
    );
    expect(seen).toEqual([{ tag: '1.10' }, earlier]);
  });

  it('must not apply where its `when` is false, and say so', async () => {
    expect(await judge({ ...asked, when: 'inputs.replicas > 5' }, {}, noGo)).toMatchObject({
      verdict: 'go',
      say: 'does not apply: `inputs.replicas > 5` is false',
    });
  });
});

describe('a guard that asks a condition', () => {
  it('must say which values made it false where the playbook has no sentence', async () => {
    expect(await judge({ that: 'inputs.replicas > 5' })).toMatchObject({
      verdict: 'no-go',
      say: '`inputs.replicas > 5` does not hold: inputs.replicas = 3',
      evidence: { operands: { 'inputs.replicas': 3 } },
    });
  });

  it('must say the sentence of the playbook, with its templates, only where it does not hold', async () => {
    const say = 'Only {{inputs.replicas}} replicas.';
    expect(await judge({ that: 'inputs.replicas > 5', say })).toMatchObject({
      verdict: 'no-go',
      say: 'Only 3 replicas.',
    });
    expect(await judge({ that: 'inputs.replicas > 1', say })).toMatchObject({
      verdict: 'go',
      say: '`inputs.replicas > 1` holds',
    });
  });

  it.each([
    ['a value that is not there', 'inputs.smoke_url == "x"'],
    ['a field that is not there', 'stack.services[9].name == "web"'],
    ['a key that is not there', 'stack.labels.zone == "a"'],
  ])('F80 must be no-go where it cannot be evaluated: %s', async (_, that) => {
    const verdict = await judge({ that });
    expect(verdict.verdict).toBe('no-go');
    expect(verdict.say).toMatch(/^could not evaluate: /);
  });

  it('F80 must be no-go where its `when` cannot be evaluated, and not simply not apply', async () => {
    expect(await judge({ ...asked, when: 'stack.labels.zone == "a"' })).toMatchObject({ verdict: 'no-go' });
  });

  it('F77 must be undecided until the step that it asks for has ended', async () => {
    const pending = ['pull', 'up', 'smoke'];
    expect(await judge({ that: 'steps.up.ok' }, { pending })).toEqual({
      id: 'room',
      verdict: 'undecided',
      say: 'it cannot be judged before `up` has ended',
      until: 'up',
    });
    expect(await judge({ that: 'steps.pull.ok && steps.up.ok' }, { pending })).toMatchObject({ until: 'up' });
    expect(await judge({ ...asked, with: { tag: '{{steps.pull.created}}' } }, { pending })).toMatchObject({
      until: 'pull',
    });
    expect(await judge({ ...asked, when: 'steps.up.ok' }, { pending })).toMatchObject({ until: 'up' });
  });

  it('must judge what a step that has ended gave', async () => {
    expect(await judge({ that: 'steps.up.ok' }, { pending: ['smoke'] })).toMatchObject({ verdict: 'go' });
  });
});

describe('a guard that fails', () => {
  it.each([
    ['refuses', new Refusal('no-go', 'port 80 is taken', { hint: 'Free it.' }), 'port 80 is taken'],
    [
      'cannot reach what it asks',
      new Refusal('unavailable', 'nobody answers', { hint: 'Free it.' }),
      'could not be judged: nobody answers',
    ],
    [
      'fails',
      new StepFailure('the registry said 500', { class: 'transient', hint: 'Free it.' }),
      'could not be judged: the registry said 500',
    ],
    [
      'finds a problem',
      new Problems([{ code: 'missing-value', message: 'the file is invalid', hint: 'Free it.' }]),
      'could not evaluate: the file is invalid',
    ],
  ])('must be no-go where its runner %s', async (_, thrown, say) => {
    expect(await judge(asked, {}, throwing(thrown))).toEqual({ id: 'room', verdict: 'no-go', say, hint: 'Free it.' });
  });

  it('must not hide a bug of ours behind a verdict', async () => {
    await expect(judge(asked, {}, throwing(new Defect('impossible')))).rejects.toThrow(Defect);
    await expect(judge(asked, { find: async () => undefined })).rejects.toThrow(Defect);
  });
});
