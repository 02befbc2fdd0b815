import type { Actor } from '../engine/events.ts';
import { Defect, Refusal, StepFailure } from '../errors.ts';
import { CouldNotEvaluate, evaluateCondition } from '../expression/condition.ts';
import type { Scope } from '../expression/scope.ts';
import { parseDuration } from '../playbook/duration.ts';
import { plainSteps } from '../playbook/nodes.ts';
import { readyParams } from '../playbook/params.ts';
import type { Playbook, Step } from '../playbook/types.ts';
import type { AnyAction, Change, Look } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import { judgeGuard } from './guards.ts';
import { waitsFor } from './references.ts';
import type { GuardVerdict, PlannedChange, PlannedStep } from './types.ts';

/** The steps of a plan, what they would change, and what stands against them. */
export type Draft = { steps: PlannedStep[]; changes: PlannedChange[]; verdicts: GuardVerdict[] };

export type DraftOptions = {
  playbook: Playbook;
  registry: Registry;
  look: Look;
  scope: Scope;
  overrides: readonly string[];
  actor: Actor;
};

/** Plans the steps in their order; each knows what those before it would change. */
export async function planSteps(options: DraftOptions): Promise<Draft> {
  const draft: Draft = { steps: [], changes: [], verdicts: [] };
  for (const step of plainSteps(options.playbook.steps)) {
    const action = await options.registry.find(step.uses);
    if (action?.kind !== 'action') throw new Defect(`step ${step.id} uses ${step.uses}, which is no action`);
    const { planned, changes, verdicts } = await planStep({ step, action, draft }, options);
    draft.steps.push(planned);
    draft.changes.push(...changes.map((change) => ({ ...change, step: step.id })));
    draft.verdicts.push(...verdicts);
  }
  return draft;
}

type Planning = { step: Step; action: AnyAction; draft: Draft };
type Outcome = { planned: PlannedStep; changes: (Change & { open?: true })[]; verdicts: GuardVerdict[] };

async function planStep(planning: Planning, options: DraftOptions): Promise<Outcome> {
  const { step, draft } = planning;
  const planned = describe(planning);
  const pending = draft.steps.filter((each) => each.skipped === undefined).map((each) => each.id);
  try {
    const open = waitsFor({ conditions: [step.when] }, pending);
    if (open === undefined && !applies(step, options.scope))
      return { planned: { ...planned, skipped: `\`${step.when ?? ''}\` is false` }, changes: [], verdicts: [] };
    const verdicts = await stepGuards(step, options, pending);
    const until = waitsFor({ conditions: [], templates: step.with }, pending) ?? open;
    const marked = until === undefined ? planned : { ...planned, undecided: until };
    return { planned: marked, changes: await changesOf(planning, options, { open, pending }), verdicts };
  } catch (thrown) {
    return { planned, changes: [], verdicts: [{ id: step.id, step: step.id, verdict: 'no-go', ...reason(thrown) }] };
  }
}

function describe({ step, action }: Planning): PlannedStep {
  const no_undo = reasonWithoutUndo(step, action);
  return {
    id: step.id,
    uses: step.uses,
    pivot: step.pivot,
    effect: action.effect,
    timeout: step.timeout ?? parseDuration(action.timeout) ?? 0,
    ...(no_undo === undefined ? {} : { no_undo }),
  };
}

function reasonWithoutUndo(step: Step, action: AnyAction): string | undefined {
  if (step.undo) return 'none' in step.undo ? step.undo.because : undefined;
  return 'impossible' in action.undo ? action.undo.impossible : undefined;
}

function applies(step: Step, scope: Scope): boolean {
  return step.when === undefined || evaluateCondition(step.when, scope).value;
}

/** A step's own guards ask about the moment before it; only where nothing runs before it is that moment now. */
async function stepGuards(step: Step, options: DraftOptions, pending: readonly string[]): Promise<GuardVerdict[]> {
  const before = pending.at(-1);
  const { registry, look, scope, overrides, actor } = options;
  const judging = { find: (uses: string) => registry.find(uses), look, scope, overrides, actor, earlier: [] };
  const verdicts: GuardVerdict[] = [];
  for (const use of step.guards) {
    const judged: GuardVerdict =
      before === undefined
        ? await judgeGuard(use, judging)
        : { id: use.id, verdict: 'undecided', say: `it is judged when \`${before}\` has ended`, until: before };
    verdicts.push({ ...judged, step: step.id });
  }
  return verdicts;
}

type Known = { open: string | undefined; pending: readonly string[] };

/** What is not known yet is said to be unknown: the whole step where its parameters are, else whether it happens at all. */
async function changesOf(
  { step, action, draft }: Planning,
  options: DraftOptions,
  { open, pending }: Known,
): Promise<Outcome['changes']> {
  const until = waitsFor({ conditions: [], templates: step.with }, pending);
  if (until !== undefined)
    return [
      {
        verb: 'execute',
        target: step.id,
        because: [`unknown until \`${until}\` has ended`],
        certainty: 'unknown',
        open: true,
      },
    ];
  const params = readyParams(action.params, step.with, options.scope);
  const changes = await action.plan(params, options.look, draft.changes);
  if (open === undefined) return changes;
  return changes.map((change) => (change.verb === 'keep' ? change : { ...change, certainty: 'unknown' }));
}

/** What stands against the step; what makes planning itself impossible is thrown on. */
function reason(thrown: unknown): { say: string; hint?: string } {
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
