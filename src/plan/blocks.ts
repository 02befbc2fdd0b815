import { Defect } from '../errors.ts';
import { evaluateCondition, evaluateList } from '../expression/condition.ts';
import type { Scope } from '../expression/scope.ts';
import { batchesOf, readyBatch, readyDelay } from '../playbook/batches.ts';
import { formatDuration } from '../playbook/duration.ts';
import { instanceKey } from '../playbook/instance.ts';
import { allNodes, isStep, plainSteps } from '../playbook/nodes.ts';
import type { LoopStep, ParallelStep, StepNode } from '../playbook/types.ts';
import type { Json } from '../runner/contract.ts';
import { addStep, type Draft, type DraftOptions, type Place, pendingAt, scopeAt } from './draft.ts';
import { waitsFor } from './references.ts';
import { describe, openChange, planStep, reason } from './step.ts';
import type { PlannedChange, PlannedStep } from './types.ts';

/** Plans one node, and adds what comes of it to the draft. */
export async function planNode(node: StepNode, draft: Draft, place: Place, options: DraftOptions): Promise<void> {
  if (isStep(node)) return planStep(node, draft, place, options);
  if (node.kind === 'parallel') return planParallel(node, draft, place, options);
  return planLoop(node, draft, place, options);
}

/** Plans the steps of a `parallel`: none of them knows of the others, but all that follows knows of all. */
async function planParallel(node: ParallelStep, draft: Draft, place: Place, options: DraftOptions): Promise<void> {
  const met = await metAt(node, { draft, place, options }, []);
  if (met !== 'runs') return notPlanned(node, met, { draft, place, options });
  addStep(draft, block(node, place));
  for (const step of node.parallel) await planNode(step, draft, { ...place, inside: node.id }, options);
}

/** Plans a loop batch by batch, where it is known before what it goes over. */
async function planLoop(node: LoopStep, draft: Draft, place: Place, options: DraftOptions): Promise<void> {
  const texts = [node.batch, node.delay].flatMap((text) => (typeof text === 'string' ? [text] : []));
  const met = await metAt(node, { draft, place, options }, texts);
  if (met !== 'runs') return notPlanned(node, met, { draft, place, options });
  const scope = scopeAt(draft, place, options);
  let loop: Loop;
  try {
    loop = loopOf(node, scope);
  } catch (thrown) {
    draft.verdicts.push({ id: node.id, step: node.id, verdict: 'no-go', ...reason(thrown) });
    return notPlanned(node, { skipped: 'what it goes over cannot be told' }, { draft, place, options });
  }
  const { batches, delay } = loop;
  if (batches.length === 0)
    return notPlanned(node, { skipped: 'there is nothing to go over' }, { draft, place, options });
  addStep(draft, { ...block(node, place), batches: batches.length });
  for (const [index, value] of batches.entries()) {
    const inner: Place = {
      at: [...place.at, index + 1],
      locals: { ...place.locals, [node.as]: value },
      inside: node.id,
      in_batch: { loop: node.id, batch: index + 1, of: batches.length, ...sizeOf(value), ...(delay > 0 && { delay }) },
    };
    for (const child of node.do) await planNode(child, draft, inner, options);
  }
  draft.changes.push(...pauses(node, place, (batches.length - 1) * delay));
  if (node.allow === 0) draft.outputs.set(instanceKey(node.id, place.at), { batches: batches.length, given_up: 0 });
  else draft.pending.push(instanceKey(node.id, place.at));
}

function sizeOf(batch: Json): { size?: number } {
  return Array.isArray(batch) ? { size: batch.length } : {};
}

type Loop = { batches: Json[]; delay: number };

function loopOf(node: LoopStep, scope: Scope): Loop {
  const { batch, delay = 0 } = node;
  const sizes = typeof batch === 'string' ? readyBatch(batch, scope) : batch;
  const ms = typeof delay === 'string' ? readyDelay(delay, scope) : delay;
  return { batches: batchesOf(evaluateList(node.in, scope), sizes), delay: ms };
}

type Around = { draft: Draft; place: Place; options: DraftOptions };
type Met = 'runs' | { skipped: string } | { undecided: string };

/** Whether a block runs, and whether that and what it goes over can be told before. */
async function metAt(
  node: ParallelStep | LoopStep,
  { draft, place, options }: Around,
  templates: readonly string[],
): Promise<Met> {
  const conditions = [node.when, node.kind === 'for_each' ? node.in : undefined];
  const undecided = waitsFor({ conditions, templates: [...templates] }, pendingAt(draft, place));
  if (undecided !== undefined) return { undecided };
  try {
    const runs = node.when === undefined || evaluateCondition(node.when, scopeAt(draft, place, options)).value;
    return runs ? 'runs' : { skipped: `\`${node.when ?? ''}\` is false` };
  } catch (thrown) {
    draft.verdicts.push({ id: node.id, step: node.id, verdict: 'no-go', ...reason(thrown) });
    return { skipped: 'whether it runs cannot be told' };
  }
}

/** The steps stand in the plan all the same: what there is to do, or why there is nothing. */
async function notPlanned(
  node: ParallelStep | LoopStep,
  met: Exclude<Met, 'runs'>,
  { draft, place, options }: Around,
): Promise<void> {
  addStep(draft, { ...block(node, place), ...met });
  const parents = new Map(allNodes([node]).flatMap((each) => childIds(each).map((id) => [id, each.id] as const)));
  for (const inner of allNodes([node]).slice(1)) {
    const inside = parents.get(inner.id) ?? node.id;
    addStep(draft, { ...(await described(inner, inside, options)), ...met });
  }
  if (!('undecided' in met)) return;
  for (const step of plainSteps([node])) {
    const known = draft.steps.find(({ id }) => id === step.id);
    const changes = known?.effect === 'pure' ? [] : openChange(step, met.undecided);
    draft.changes.push(...changes.map((change): PlannedChange => ({ ...change, step: step.id })));
  }
  draft.pending.push(instanceKey(node.id, place.at));
}

function childIds(node: StepNode): string[] {
  const children = node.kind === 'parallel' ? node.parallel : node.kind === 'for_each' ? node.do : [];
  return children.map(({ id }) => id);
}

async function described(node: StepNode, inside: string, { registry }: DraftOptions): Promise<PlannedStep> {
  if (!isStep(node)) return { ...block(node, { at: [], locals: {} }), inside };
  const action = await registry.find(node.uses);
  if (action?.kind !== 'action') throw new Defect(`step ${node.id} uses ${node.uses}, which is no action`);
  return describe(node, action, { inside });
}

/** A block changes nothing itself. */
function block({ id, kind }: ParallelStep | LoopStep, { inside }: Place): PlannedStep {
  const within = inside === undefined ? {} : { inside };
  return { id, uses: kind, ...within, pivot: false, effect: 'pure', timeout: 0 };
}

function pauses({ id }: LoopStep, { at }: Place, takes: number): PlannedChange[] {
  if (takes === 0) return [];
  const because = [`it pauses between batches, ${formatDuration(takes)} in all`];
  return [{ verb: 'wait', target: id, because, certainty: 'certain', takes, step: instanceKey(id, at) }];
}
