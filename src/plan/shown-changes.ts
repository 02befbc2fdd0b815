import { parseInstance } from '../playbook/instance.ts';
import type { Change, Difference, Verb } from '../runner/contract.ts';
import { realChanges } from './changes.ts';
import type { Plan, PlannedChange } from './types.ts';

/** What people see as one change: that of all batches of a loop, and all that is switched at the edge for one target. */
export type ShownChange = Omit<PlannedChange, 'step' | 'in_batch' | 'kept'> & {
  /** Id of the step that makes it; of a block of which nothing is known yet, the block's. */
  step: string;
  /** Where it is made in more than one batch: how many, of how many items each, with which pause between them. */
  batches?: { count: number; sizes: number[]; delay: number };
  /** How it is replaced, and why so. */
  strategy: string[];
  /** Who gets requests at the edge, each a clause. */
  edge: string[];
  /** What stays for the way back. */
  kept: string[];
};

/** What of a plan decides how its changes are shown. */
type Shown = Pick<Plan, 'steps' | 'changes' | 'way_back'>;

/** Of one target, in the order of the plan; never empty. */
type Group = [PlannedChange, ...PlannedChange[]];

/** The real changes of a plan, in the order in which they begin. */
export function shownChanges(plan: Shown): ShownChange[] {
  const replaced = new Set(realChanges(plan).flatMap((change) => (isReplaced(change) ? [change.target] : [])));
  const groups = new Map<string, Group>();
  for (const change of realChanges(plan)) {
    const key = groupOf(change, plan.steps, replaced) ?? `${groups.size}`;
    const known = groups.get(key);
    if (known) known.push(change);
    else groups.set(key, [change]);
  }
  return withEdge(saidOnce([...groups.values()].map((group) => merged(group, plan))));
}

function saidOnce(changes: readonly ShownChange[]): ShownChange[] {
  const told = new Set<string>();
  return changes.map((change) => {
    if (change.strategy.length === 0) return change;
    const strategy = told.has(change.target) ? [] : change.strategy;
    told.add(change.target);
    return { ...change, strategy };
  });
}

/** What is switched at the edge belongs to the service that is replaced behind it. */
function withEdge(changes: readonly ShownChange[]): ShownChange[] {
  const replaced = (target: string) => changes.find((each) => each.verb === 'recreate' && each.target === target);
  return changes.flatMap((change) => {
    if (change.verb === 'route') return replaced(change.target) ? [] : [change];
    if (replaced(change.target) !== change) return [change];
    const routes = changes.filter(({ verb, target }) => verb === 'route' && target === change.target);
    const kept = distinct([...change.kept, ...routes.flatMap((route) => route.kept)]);
    const how = routes.find((route) => route.how !== undefined)?.how;
    return [{ ...change, kept, edge: distinct(routes.flatMap((route) => route.because)), ...(how && { how }) }];
  });
}

/** How a service is replaced is no change: it is said with the service, where that changes. */
export function strategyTarget(service: string): string {
  return `strategy of ${service}`;
}

const ofContainers: ReadonlySet<Verb> = new Set(['recreate', 'create', 'start', 'stop', 'remove', 'scale']);

function isReplaced({ verb, in_batch }: PlannedChange): boolean {
  return verb === 'recreate' && in_batch !== undefined;
}

/** What belongs together; undefined where it stands alone. */
function groupOf(change: PlannedChange, steps: Plan['steps'], replaced: ReadonlySet<string>): string | undefined {
  const { verb, target, open, in_batch } = change;
  const block = open && outermost(steps, parseInstance(change.step).id);
  if (block !== undefined) return `open ${block}`;
  if (verb === 'route') return `route ${target}`;
  if (in_batch === undefined) return undefined;
  // Replacing is making, starting and stopping in one.
  return replaced.has(target) && ofContainers.has(verb) ? `recreate ${target}` : `${verb} ${target}`;
}

function outermost(steps: Plan['steps'], id: string): string | undefined {
  const inside = steps.find((step) => step.id === id)?.inside;
  return inside === undefined ? undefined : (outermost(steps, inside) ?? inside);
}

function merged(group: Group, plan: Shown): ShownChange {
  const lead = group.find((change) => change.verb === 'recreate') ?? group[0];
  const alike = alikeTo(lead, group);
  const how = group.find((each) => each.how !== undefined)?.how;
  const { in_batch: _, kept: __, ...change } = lead;
  const block = lead.open && outermost(plan.steps, parseInstance(lead.step).id);
  const diff = distinct<Difference>(alike.flatMap((each) => each.diff ?? []));
  const downtime = alike.flatMap((each) => each.downtime ?? []);
  const batches = batchesOf(alike);
  return {
    ...change,
    step: block ?? parseInstance(lead.step).id,
    target: block ?? lead.target,
    because: distinct(alike.flatMap((each) => each.because)),
    certainty: weakest(alike),
    ...(diff.length > 0 && { diff }),
    ...worst(downtime),
    ...(batches && { batches }),
    ...(how && { how }),
    edge: [],
    strategy: ofContainers.has(lead.verb) ? strategyOf(lead.target, plan) : [],
    kept: distinct(group.filter((each) => goesBack(each, plan)).flatMap((each) => each.kept ?? [])),
  };
}

/** Nothing is kept for the way back by a step that comes after its end, nor where there is none. */
function goesBack(change: PlannedChange, { steps, way_back }: Shown): boolean {
  const place = (id: string) => steps.findIndex((step) => step.id === (outermost(steps, id) ?? id));
  return way_back.until !== '' && place(parseInstance(change.step).id) <= place(way_back.until);
}

/** Of what is switched at the edge, the certain: putting right what these leave is no news beside them. */
function alikeTo({ verb }: PlannedChange, group: Group): PlannedChange[] {
  const alike = group.filter((change) => change.verb === verb);
  const certain = verb === 'route' ? alike.filter(({ certainty }) => certainty === 'certain') : [];
  return certain.length > 0 ? certain : alike;
}

function batchesOf(alike: readonly PlannedChange[]): ShownChange['batches'] {
  const byBatch = new Map(alike.map((change) => [parseInstance(change.step).at.join('.'), change.in_batch]));
  const batches = [...byBatch.values()].flatMap((batch) => batch ?? []);
  if (batches.length < 2) return undefined;
  const sizes = batches.flatMap(({ size }) => size ?? []);
  return {
    count: batches.length,
    sizes: sizes.length === batches.length ? sizes : [],
    delay: Math.max(...batches.map(({ delay }) => delay ?? 0)),
  };
}

function strategyOf(service: string, { changes }: Pick<Plan, 'changes'>): string[] {
  const target = strategyTarget(service);
  return distinct(changes.flatMap((change) => (change.target === target ? change.because : [])));
}

function weakest(group: readonly PlannedChange[]): Change['certainty'] {
  const words = ['unknown', 'likely', 'certain'] as const;
  return words.find((word) => group.some(({ certainty }) => certainty === word)) ?? 'certain';
}

/** Where one batch is down, the target is. */
function worst(downtimes: readonly NonNullable<Change['downtime']>[]): Pick<Change, 'downtime'> {
  const downtime = downtimes.find(({ kind }) => kind !== 'none') ?? downtimes[0];
  return downtime === undefined ? {} : { downtime };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
