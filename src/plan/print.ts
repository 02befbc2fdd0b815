import { count, list } from '../report/amounts.ts';
import { clean } from '../report/clean.ts';
import { beside, columnsOf, padTo, spread, wrap } from '../report/layout.ts';
import { stackName } from '../report/stack-name.ts';
import type { Style } from '../report/style.ts';
import { realChanges } from './changes.ts';
import { printChanges } from './print-changes.ts';
import { guardSentence, plannedSteps, skippedSteps, takes, totals, verdictWord, wayBack } from './sentences.ts';
import type { GuardVerdict, Plan } from './types.ts';
import { watched } from './watched.ts';

/** The plan as text for people: the same plan gives the same text. */
export function printPlan(given: Plan, style: Style): string {
  const plan = clean(given);
  const parts = [
    header(plan, style),
    [...inputs(plan, style), ...byHand(plan, style)],
    guards(plan, style),
    changes(plan, style),
    facts(plan, style),
  ];
  const shown = parts.filter((part) => part.length > 0).map((part) => part.join('\n'));
  return `${[
    ...shown,
    totals(plan)
      .flatMap((line) => wrap(line, style.width))
      .join('\n'),
  ].join('\n\n')}\n`;
}

/** What the guards of a plan say, alone. */
export function printGuards(plan: Plan, style: Style): string {
  return `${guards(clean(plan), style).join('\n')}\n`;
}

/** One line: what is planned for which stack, on which engine. */
export function planTitle(plan: Plan): string {
  const { stack, playbook } = plan;
  const engine = stack.engine_version === '' ? 'engine out of reach' : `engine ${stack.engine_version}`;
  const compose = stack.compose_version === '' ? '' : `, compose ${stack.compose_version}`;
  const on = stack.engine_name === '' ? '' : ` on ${stack.engine_name}`;
  const what = stackName(stack.project);
  const commit = stack.commit === undefined ? [] : [`commit ${stack.commit.slice(0, 7)}`];
  const profiles = stack.profiles.length === 0 ? [] : [`profiles ${stack.profiles.join(', ')}`];
  const services = stack.services === 0 ? [] : [count(stack.services, 'service')];
  return [`${playbook.name} → ${what}${on}`, ...services, ...profiles, engine + compose, ...commit].join(' · ');
}

function header(plan: Plan, style: Style): string[] {
  const name = `plan ${plan.plan_id}`;
  const title = planTitle(plan);
  if (columnsOf(title) > style.width) return [...wrap(title, style.width), style.quiet(name)];
  const [line = '', second] = spread(title, name, style.width);
  if (second !== undefined) return [line, style.quiet(name)];
  return [line.slice(0, -name.length) + style.quiet(name)];
}

function inputs(plan: Plan, style: Style): string[] {
  const given = Object.entries(plan.inputs).filter(([, value]) => value !== null && !isEmptyList(value));
  const rows = [];
  if (given.length > 0)
    rows.push(...row('Inputs', given.map(([name, value]) => `${name} = ${written(value)}`).join(' · '), style));
  if (plan.from_shell.length > 0) rows.push(...row('Shell', `sets ${list(plan.from_shell)}`, style));
  return rows;
}

function byHand({ drift }: Plan, style: Style): string[] {
  const differences = drift?.differences ?? [];
  return differences.flatMap((difference, index) =>
    row(index === 0 ? 'By hand' : '', index === 0 ? `since ${drift?.since}: ${difference}` : difference, style),
  );
}

function guards(plan: Plan, style: Style): string[] {
  const shown = plan.verdict === 'nothing-to-do' ? plan.guards.filter((guard) => guard.verdict !== 'go') : plan.guards;
  if (shown.length === 0) return [];
  const words = Math.max(...shown.map((guard) => verdictWord(guard).length));
  const names = Math.max(...shown.map((guard) => columnsOf(guardName(guard))));
  return [style.strong('Guards'), ...shown.flatMap((guard) => guardLines(guard, { words, names }, style))];
}

function guardLines(guard: GuardVerdict, columns: { words: number; names: number }, style: Style): string[] {
  const word = padTo(verdictWord(guard), columns.words);
  const label = `  ${word}  ${padTo(guardName(guard), columns.names)}  `;
  const [first = '', ...rest] = beside(label, guardSentence(guard), style.width);
  const painted = `  ${paintVerdict(guard, word, style)}${first.slice(2 + word.length)}`;
  const hint =
    guard.hint === undefined || guard.verdict === 'go'
      ? []
      : beside(' '.repeat(columnsOf(label)), guard.hint, style.width);
  return [painted, ...rest, ...hint];
}

function guardName(guard: GuardVerdict): string {
  return guard.step === undefined || guard.step === guard.id ? guard.id : `${guard.step}.${guard.id}`;
}

function paintVerdict(guard: GuardVerdict, word: string, style: Style): string {
  if (guard.overridden_by !== undefined || guard.verdict === 'warn') return style.warn(word);
  if (guard.verdict === 'no-go') return style.bad(word);
  return guard.verdict === 'go' ? style.good(word) : style.note(word);
}

function changes(plan: Plan, style: Style): string[] {
  const lines = printChanges(plan, style);
  // Of a whole engine it is the answer what stays, and why.
  return lines.length === 0 ? [] : [style.strong(plan.verdict === 'nothing-to-do' ? 'Stays' : 'Changes'), ...lines];
}

function facts(plan: Plan, style: Style): string[] {
  const warnings = plan.warnings.flatMap((warning) => row('Warning', warning, style));
  if (plan.verdict === 'nothing-to-do' || plan.verdict === 'no-go' || realChanges(plan).length === 0) return warnings;
  const skipped = skippedSteps(plan);
  return [
    ...row('Steps', plannedSteps(plan), style),
    ...skipped.flatMap((sentence) => row('Skipped', sentence, style)),
    ...wayBack(plan).flatMap((sentence, index) => row(index === 0 ? 'Way back' : '', sentence, style)),
    ...watched(plan).flatMap((sentence, index) => row(index === 0 ? 'Watched' : '', sentence, style)),
    ...row('Takes', takes(plan), style),
    ...warnings,
  ];
}

function row(label: string, text: string, style: Style): string[] {
  const [first = '', ...rest] = beside(padTo(label, 10), text, style.width);
  return [style.strong(label) + first.slice(label.length), ...rest];
}

/** An empty list stands for all, or for none: what it means is in the plan. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
