import { Defect, Refusal, StepFailure } from '../errors.ts';
import { CouldNotEvaluate, evaluateCondition } from '../expression/condition.ts';
import type { Scope } from '../expression/scope.ts';
import { parseDuration } from '../playbook/duration.ts';
import { instanceKey } from '../playbook/instance.ts';
import { readyParams } from '../playbook/params.ts';
import type { Step } from '../playbook/types.ts';
import type { AnyAction, Change } from '../runner/contract.ts';
import { addStep, type Draft, type DraftOptions, type Place, pendingAt, scopeAt } from './draft.ts';
import { judgeGuard } from './guards.ts';
import { waitsFor } from './references.ts';
import type { GuardVerdict, PlannedStep } from './types.ts';

/** Plans a plain step at its place: whether it runs, what it would change, and what it would give to later ones. */
export async function planStep(step: Step, draft: Draft, place: Place, options: DraftOptions): Promise<void> {
  const action = await options.registry.find(step.uses);
  if (action?.kind !== 'action') throw new Defect(`step ${step.id} uses ${step.uses}, which is no action`);
  const key = instanceKey(step.id, place.at);
  const planned = describe(step, action, place);
  const planning: Planning = { step, action, draft, place, options, scope: scopeAt(draft, place, options) };
  try {
    const pending = pendingAt(draft, place);
    const open = waitsFor({ conditions: [step.when] }, pending);
    if (open === undefined && !applies(step, planning.scope))
      return addStep(draft, { ...planned, skipped: `\`${step.when ?? ''}\` is false` });
    draft.verdicts.push(...(await stepGuards(planning, key, pending)));
    const unknown = waitsFor({ conditions: [], templates: step.with }, pending);
    const until = unknown ?? open;
    addStep(draft, until === undefined ? planned : { ...planned, undecided: until });
    const changes = unknown === undefined ? await changesOf(planning, open) : openChange(step, unknown);
    const outputs = until === undefined ? await foreseen(planning) : undefined;
    const { in_batch } = place;
    draft.changes.push(...changes.map((change) => ({ ...change, step: key, ...(in_batch && { in_batch }) })));
    if (outputs) draft.outputs.set(key, outputs);
    else draft.pending.push(key);
  } catch (thrown) {
    addStep(draft, planned);
    draft.pending.push(key);
    draft.verdicts.push({ id: step.id, step: key, verdict: 'no-go', ...reason(thrown) });
  }
}

/** A step of which nothing is known before another one has ended. */
export function openChange({ id }: Pick<Step, 'id'>, until: string): (Change & { open: true })[] {
  const because = [`unknown until \`${until}\` has ended`];
  return [{ verb: 'execute', target: id, because, certainty: 'unknown', open: true }];
}

export function describe(step: Step, action: AnyAction, { inside }: Pick<Place, 'inside'>): PlannedStep {
  const no_undo = reasonWithoutUndo(step, action);
  return {
    id: step.id,
    uses: step.uses,
    ...(inside === undefined ? {} : { inside }),
    pivot: step.pivot,
    effect: action.effect,
    timeout: step.timeout ?? parseDuration(action.timeout) ?? 0,
    ...(no_undo === undefined ? {} : { no_undo }),
  };
}

type Planning = { step: Step; action: AnyAction; draft: Draft; place: Place; options: DraftOptions; scope: Scope };

function reasonWithoutUndo(step: Step, action: AnyAction): string | undefined {
  if (step.undo) return 'none' in step.undo ? step.undo.because : undefined;
  return 'impossible' in action.undo ? action.undo.impossible : undefined;
}

function applies(step: Step, scope: Scope): boolean {
  return step.when === undefined || evaluateCondition(step.when, scope).value;
}

/** A step's own guards ask about the moment before it; only where nothing runs before it is that moment now. */
async function stepGuards(
  { step, draft, options, scope }: Planning,
  key: string,
  pending: readonly string[],
): Promise<GuardVerdict[]> {
  const before =
    draft.steps.findLast((each) => each.skipped === undefined && each.id !== step.id)?.id ?? pending.at(-1);
  const { registry, look, overrides, actor } = options;
  const judging = { find: (uses: string) => registry.find(uses), look, scope, overrides, actor, earlier: [] };
  const verdicts: GuardVerdict[] = [];
  for (const use of step.guards) {
    const judged: GuardVerdict =
      before === undefined
        ? await judgeGuard(use, judging)
        : { id: use.id, verdict: 'undecided', say: `it is judged when \`${before}\` has ended`, until: before };
    verdicts.push({ ...judged, step: key });
  }
  return verdicts;
}

/** What is not known yet is said to be unknown: whether the step happens at all. */
async function changesOf(
  { step, action, draft, options, scope }: Planning,
  open: string | undefined,
): Promise<Change[]> {
  const params = readyParams(action.params, step.with, scope);
  const changes = await action.plan(params, options.look, draft.changes);
  if (open === undefined) return changes;
  return changes.map((change) => (change.verb === 'keep' ? change : { ...change, certainty: 'unknown' }));
}

async function foreseen({
  step,
  action,
  draft,
  options,
  scope,
}: Planning): ReturnType<NonNullable<AnyAction['foresee']>> {
  return action.foresee?.(readyParams(action.params, step.with, scope), options.look, draft.changes);
}

/** What stands against the step; what makes planning itself impossible is thrown on. */
export function reason(thrown: unknown): { say: string; hint?: string } {
  if (thrown instanceof CouldNotEvaluate) return { say: `could not evaluate \`when\`: ${thrown.message}` };
  if (thrown instanceof Refusal && thrown.reason === 'no-go') return said(thrown);
  if (thrown instanceof StepFailure && thrown.class !== 'unavailable') return said(thrown);
  if (thrown instanceof StepFailure)
    throw new Refusal('unavailable', thrown.message, { ...said(thrown), cause: thrown });
  throw thrown;
}

function said(thrown: Refusal | StepFailure): { say: string; hint?: string } {
  return { say: thrown.message, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) };
}
