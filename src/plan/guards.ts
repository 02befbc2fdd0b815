import type { Actor } from '../engine/events.ts';
import { Defect, Problems, Refusal, StepFailure } from '../errors.ts';
import { CouldNotEvaluate, evaluateCondition } from '../expression/condition.ts';
import type { Scope } from '../expression/scope.ts';
import { readyParams } from '../playbook/params.ts';
import type { GuardUse } from '../playbook/types.ts';
import type { Change, Json, Judgement, Look, Runner } from '../runner/contract.ts';
import { waitsFor } from './references.ts';
import type { GuardVerdict } from './types.ts';

export type JudgeOptions = {
  find(uses: string): Promise<Runner | undefined>;
  scope: Scope;
  look: Look;
  /** What the steps would change, as far as it is planned. */
  earlier: readonly Change[];
  /** Ids of guards whose no-go is set aside by `--override`, and who does so. */
  overrides: readonly string[];
  actor: Actor;
  /** Steps whose outputs are still to come, in their order. */
  pending?: readonly string[];
};

/** Asks one guard. Whatever keeps it from answering is a no-go that says so: never a go, never just false. */
export async function judgeGuard(use: GuardUse, options: JudgeOptions): Promise<GuardVerdict> {
  const judgement = await judge(use, options);
  return setAside(use, softened(use, { id: use.id, ...judgement }), options);
}

async function judge(use: GuardUse, options: JudgeOptions): Promise<Judgement> {
  const asked = { conditions: [use.when, use.that], templates: [use.with ?? {}, use.say ?? ''] };
  const until = waitsFor(asked, options.pending ?? []);
  if (until !== undefined)
    return { verdict: 'undecided', say: `it cannot be judged before \`${until}\` has ended`, until };
  try {
    if (use.when !== undefined && !evaluateCondition(use.when, options.scope).value)
      return { verdict: 'go', say: `does not apply: \`${use.when}\` is false` };
    return use.that === undefined ? await askRunner(use, options) : askCondition(use, use.that, options.scope);
  } catch (thrown) {
    return unanswered(thrown);
  }
}

async function askRunner(use: GuardUse, { find, scope, look, earlier }: JudgeOptions): Promise<Judgement> {
  const guard = use.uses === undefined ? undefined : await find(use.uses);
  if (guard?.kind !== 'guard') throw new Defect(`guard ${use.id} uses ${use.uses ?? 'nothing'}, which is no guard`);
  const params = readyParams(guard.params, use.with ?? {}, scope);
  return guard.judge(params, look, earlier);
}

function askCondition(use: GuardUse, condition: string, scope: Scope): Judgement {
  const { value, operands } = evaluateCondition(condition, scope);
  const evidence = { condition, operands };
  if (value) return { verdict: 'go', say: `\`${condition}\` holds`, evidence };
  const say = use.say === undefined ? `\`${condition}\` does not hold${found(operands)}` : rendered(use.say, scope);
  return { verdict: 'no-go', say, evidence };
}

/** A sentence is a template like any other; it is rendered the same strict way. */
function rendered(say: string, scope: Scope): string {
  const schema = { type: 'object', properties: { say: { type: 'string', description: 'What is said.' } } } as const;
  const text = readyParams(schema, { say }, scope)['say'];
  return typeof text === 'string' ? text : JSON.stringify(text);
}

function found(operands: Record<string, Json>): string {
  const values = Object.entries(operands).map(([name, value]) => `${name} = ${clipped(JSON.stringify(value))}`);
  return values.length === 0 ? '' : `: ${values.join(', ')}`;
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Failures of the world count against the run; a bug of ours is not hidden behind a verdict. */
function unanswered(thrown: unknown): Judgement {
  if (thrown instanceof CouldNotEvaluate || thrown instanceof Problems)
    return { verdict: 'no-go', say: `could not evaluate: ${thrown.message}`, ...hinted(firstHint(thrown)) };
  if (thrown instanceof Refusal && thrown.reason === 'no-go')
    return { verdict: 'no-go', say: thrown.message, ...hinted(thrown.hint) };
  if (thrown instanceof StepFailure || thrown instanceof Refusal)
    return { verdict: 'no-go', say: `could not be judged: ${thrown.message}`, ...hinted(thrown.hint) };
  throw thrown;
}

function firstHint(thrown: CouldNotEvaluate | Problems): string | undefined {
  return thrown instanceof Problems ? thrown.problems.find((problem) => problem.hint !== undefined)?.hint : undefined;
}

function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function softened(use: GuardUse, verdict: GuardVerdict): GuardVerdict {
  return verdict.verdict === 'no-go' && use.level === 'warn' ? { ...verdict, verdict: 'warn' } : verdict;
}

function setAside(use: GuardUse, verdict: GuardVerdict, { overrides, actor }: JudgeOptions): GuardVerdict {
  if (verdict.verdict !== 'no-go' || !overrides.includes(use.id)) return verdict;
  return { ...verdict, overridden_by: `${actor.user}@${actor.host}` };
}
