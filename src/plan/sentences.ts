import { formatDuration } from '../playbook/duration.ts';
import { count, list } from '../report/amounts.ts';
import { clause } from '../report/sentence.ts';
import type { Verb } from '../runner/contract.ts';
import { forecastDowntime } from './forecast.ts';
import { type ShownChange, shownChanges } from './shown-changes.ts';
import type { GuardVerdict, Plan, PlannedStep } from './types.ts';

/** What stands before a guard's sentence. */
export function verdictWord(guard: GuardVerdict): string {
  if (guard.overridden_by !== undefined) return 'OVERRIDDEN';
  return guard.verdict === 'no-go' ? 'NO-GO' : guard.verdict;
}

/** A verdict's sentence as it stands in a list: without the full stop of a single sentence. */
export function guardSentence({ say, overridden_by: by }: GuardVerdict): string {
  const bare = clause(say);
  return by === undefined ? bare : `${bare} (set aside by ${by})`;
}

/** The steps in their order, with what is worth knowing of each. */
export function plannedSteps(plan: Plan): string {
  return within(plan, undefined)
    .map((step) => sayStep(plan, step))
    .join(' → ');
}

function within(plan: Plan, block: string | undefined): PlannedStep[] {
  return plan.steps.filter((step) => step.inside === block && step.skipped === undefined);
}

/** The steps of a block stand in brackets behind it: `→` one after the other, `+` at the same time. */
function sayStep(plan: Plan, step: PlannedStep): string {
  const inner = within(plan, step.id).map((each) => sayStep(plan, each));
  if (inner.length === 0) return step.id + remarks(step);
  if (step.undecided !== undefined) return step.id + remarks(step);
  return `${step.id}${remarks(step)} ( ${inner.join(step.uses === 'parallel' ? ' + ' : ' → ')} )`;
}

export function skippedSteps(plan: Plan): string[] {
  const skipped = new Set(plan.steps.filter((step) => step.skipped !== undefined).map((step) => step.id));
  // A block that is skipped says so for all that stands in it.
  const shown = plan.steps.filter((step) => step.inside === undefined || !skipped.has(step.inside));
  return shown.flatMap((step) => (step.skipped === undefined ? [] : [`${step.id}: ${step.skipped}`]));
}

/** How far back is possible, and what is not: the first sentence sums it up. */
export function wayBack(plan: Plan): string[] {
  const { until, ms, impossible } = plan.way_back;
  const time = ms === undefined ? '' : `, in about ${formatDuration(ms)}`;
  const end = until === '' ? '' : ` until \`${until}\` has ended`;
  if (until === '' && impossible.length === 1) return [`none: ${impossible[0]}`];
  if (impossible.length === 0) return [`all of it${end}${time}`];
  return [`not all of it${until === '' ? ':' : `, the rest${end}${time}:`}`, ...impossible.map((each) => `· ${each}`)];
}

export function takes(plan: Plan): string {
  const { typical_ms: typical, shortest_ms: shortest, longest_ms: longest, runs, soak_ms: soak } = plan.duration;
  if (typical === undefined)
    return soak === undefined
      ? 'not known yet (no run has ended here)'
      : `at least ${formatDuration(soak)} (no run has ended here yet)`;
  if (soak !== undefined && soak >= typical)
    return `at least ${formatDuration(soak)} (earlier runs watched for less, and took about ${formatDuration(typical)})`;
  const watching = soak === undefined ? '' : `, ${formatDuration(soak)} of it watching`;
  const range = shortest === undefined || longest === undefined || runs < 2 ? '' : `: ${span(shortest, longest)}`;
  return `about ${formatDuration(typical)}${watching} (${count(runs, 'run')}${range})`;
}

/** The last lines: how much changes, or why it cannot be, and that planning has changed nothing. */
export function totals(plan: Plan): string[] {
  if (plan.verdict === 'no-go') return noGo(plan);
  if (plan.verdict === 'nothing-to-do') return [nothingToDo(plan)];
  const undecided = plan.steps.filter((step) => isOpen(step, plan)).map((step) => `\`${step.id}\``);
  const open = undecided.length === 0 ? [] : [`What ${list(undecided)} will do is not known yet.`];
  const waiting = plan.guards.filter((guard) => guard.verdict === 'undecided').map((guard) => `\`${guard.id}\``);
  const judged =
    waiting.length === 0
      ? []
      : [`${capital(count(waiting.length, 'guard'))} will be judged during the run: ${list(waiting)}.`];
  return [[`${capital(changeTotals(plan))}.`, ...open, ...judged, 'Nothing has been touched.'].join(' ')];
}

/** A block that is not known yet stands for all that is in it. */
function isOpen(step: PlannedStep, plan: Plan): boolean {
  const block = plan.steps.find((each) => each.id === step.inside);
  return step.undecided !== undefined && (block === undefined || block.undecided === undefined);
}

const serviceVerbs: ReadonlySet<Verb> = new Set(['create', 'recreate', 'start', 'stop', 'remove', 'scale', 'keep']);

function changeTotals(plan: Plan): string {
  const real = shownChanges(plan);
  const services = real.filter((change) => isService(change.target, change.verb));
  const others = real.filter((change) => !isService(change.target, change.verb));
  const changing = new Set(services.filter(isKnown).map((change) => change.target));
  const open = new Set(services.map((change) => change.target).filter((target) => !changing.has(target)));
  const staying = new Set(
    plan.changes
      .filter((change) => change.verb === 'keep' && isService(change.target, 'keep'))
      .map((change) => change.target),
  );
  for (const target of [...changing, ...open]) staying.delete(target);
  const besides = services.length > 0 ? 'other ' : '';
  const certain = others.filter(isKnown).length;
  const parts = [
    ...(changing.size > 0 ? [`${count(changing.size, 'service')} ${changing.size === 1 ? 'changes' : 'change'}`] : []),
    ...(open.size > 0 ? [`${changing.size > 0 ? open.size : count(open.size, 'service')} may change`] : []),
    ...(staying.size > 0 ? [`${staying.size} ${staying.size === 1 ? 'stays' : 'stay'}`] : []),
    ...(certain > 0 ? [count(certain, `${besides}change`)] : []),
    ...(others.length > certain ? [count(others.length - certain, `${besides}possible change`)] : []),
    ...downtime(plan),
  ];
  return parts.length === 0 ? 'no change is certain' : parts.join(', ');
}

function isKnown(change: ShownChange): boolean {
  return !change.open && change.certainty !== 'unknown';
}

function downtime(plan: Plan): string[] {
  const { targets, ms, unmeasured } = forecastDowntime(shownChanges(plan));
  if (targets.length < 2 || ms === 0) return [];
  return [
    `down for about ${formatDuration(ms)} in all${unmeasured === 0 ? '' : ` and ${unmeasured} not measured yet`}`,
  ];
}

function noGo(plan: Plan): string[] {
  const against = plan.guards.filter((guard) => guard.verdict === 'no-go' && guard.overridden_by === undefined);
  const names = list(against.map((guard) => guard.step ?? guard.id));
  return [`No-go: ${names}. Nothing has been touched.`];
}

function nothingToDo(plan: Plan): string {
  if (plan.stack.project === '') return 'Nothing to do now. Nothing has been touched.';
  const staying = new Set(
    plan.changes
      .filter((change) => change.verb === 'keep' && isService(change.target, 'keep'))
      .map((change) => change.target),
  );
  const what =
    staying.size === 0 ? 'everything is' : `${count(staying.size, 'service')} ${staying.size === 1 ? 'is' : 'are'}`;
  return `Nothing to do: ${what} as wanted. Nothing has been touched.`;
}

/** Targets such as `volume shop_data` say their kind; a service stands alone. */
function isService(target: string, verb: Verb): boolean {
  return serviceVerbs.has(verb) && !target.includes(' ');
}

/** What takes no longer than this in any case needs no bound beside it, in milliseconds. */
const SHORT = 120_000;

function remarks(step: PlannedStep): string {
  const isBlock = step.uses === 'for_each' || step.uses === 'parallel';
  const words = [
    ...(step.undecided === undefined ? [] : [`unknown until \`${step.undecided}\` has ended`]),
    ...(step.effect === 'pure' && !step.pivot && !isBlock && step.timeout > SHORT && step.inside === undefined
      ? [`at most ${formatDuration(step.timeout)}`]
      : []),
    ...(step.pivot ? ['pivot'] : []),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** `19 to 41 s` where both have the same unit. */
function span(from: number, to: number): string {
  const [low, high] = [formatDuration(from), formatDuration(to)];
  if (low === high) return low;
  const [, number, unit] = /^([\d.]+) (\w+)$/.exec(low) ?? [];
  const sameUnit = number !== undefined && new RegExp(`^[\\d.]+ ${unit}$`).test(high);
  return `${sameUnit ? number : low} to ${high}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
