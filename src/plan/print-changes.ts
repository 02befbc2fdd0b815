import { columnsOf, padTo, wrap } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { Difference, Verb } from '../runner/contract.ts';
import { sayDetails } from './say-details.ts';
import { type ShownChange, shownChanges, strategyTarget } from './shown-changes.ts';
import type { Plan } from './types.ts';

/** One block per change in the order of the steps, then what stays. */
export function printChanges(plan: Plan, style: Style): string[] {
  const real = shownChanges(plan);
  const targets = Math.min(24, Math.max(0, ...real.map((change) => columnsOf(change.target))));
  const left = Math.max(
    0,
    ...real.filter((change) => change.diff?.length).flatMap((change) => causes(change).map(columnsOf)),
  );
  return [
    ...real.flatMap((change) => changeLines(change, { targets, left }, style)),
    ...staying(plan).flatMap((group) => stayingLines(group, style)),
  ];
}

/** What stays and why. */
export type Staying = { targets: string[]; because: string };

/** What stays, one entry for each reason; what another step changes does not stay. Of a stack that is as wanted: nothing. */
export function staying(plan: Plan): Staying[] {
  if (plan.verdict === 'nothing-to-do' && plan.stack.project !== '') return [];
  const changing = new Set(shownChanges(plan).flatMap(({ target }) => [target, strategyTarget(target)]));
  const groups = new Map<string, Set<string>>();
  for (const change of plan.changes) {
    if (change.verb !== 'keep' || changing.has(change.target)) continue;
    const because = change.because.join(' and ');
    groups.set(because, (groups.get(because) ?? new Set()).add(change.target));
  }
  return [...groups].map(([because, targets]) => ({ targets: [...targets], because }));
}

/** How a difference reads: `image a → b`, `+ port 80`, `- port 80`, `~ NAME`; `to` may be signed itself: `environment  + NAME`. */
export function sayDifference({ what, from, to }: Difference): string {
  if (from === undefined && to !== undefined && /^[-+~] /.test(to)) return `${what}  ${to}`;
  if (from !== undefined && to !== undefined) return `${what} ${from} → ${to}`;
  if (to !== undefined) return `+ ${what} ${to}`.trimEnd();
  return from === undefined ? `~ ${what}` : `- ${what} ${from}`.trimEnd();
}

type Columns = { targets: number; left: number };

function changeLines(change: ShownChange, columns: Columns, style: Style): string[] {
  const indent = columns.targets + 6;
  const room = style.width - indent;
  const target = padTo(change.target, columns.targets);
  const body = [...withDifferences(change, columns.left, room), ...details(change, room)];
  const head = `  ${paintSign(change, style)} ${style.strong(target)}  `;
  if (columnsOf(change.target) > columns.targets)
    return [head.trimEnd(), ...body.map((line) => ' '.repeat(indent) + line)];
  return body.map((line, index) => (index === 0 ? head + line : ' '.repeat(indent) + line));
}

/** Causes on the left, differences beside them; below where there is no room for both. */
function withDifferences(change: ShownChange, left: number, room: number): string[] {
  const [causeLines, differences] = [causes(change), (change.diff ?? []).map(sayDifference)];
  if (differences.length === 0) return causeLines.flatMap((line) => wrap(line, room));
  const fits = left + 3 + Math.max(...differences.map(columnsOf)) <= room;
  if (!fits)
    return [...causeLines, ...differences.map((line) => `  ${line}`)].flatMap((line) => indentWrapped(line, room));
  const rows = Math.max(causeLines.length, differences.length);
  return Array.from({ length: rows }, (_, row) =>
    `${padTo(causeLines[row] ?? '', left)}   ${differences[row] ?? ''}`.trimEnd(),
  );
}

function causes(change: ShownChange): string[] {
  if (change.open) return [...change.because];
  const head = verbWords[change.verb];
  const doubt = change.certainty === 'certain' ? '' : change.certainty === 'likely' ? ' (likely)' : ' (not certain)';
  const [first, ...rest] = change.because;
  if (first === undefined) return [head + doubt];
  const lead = `${head}${doubt}, because `;
  const hang = ' '.repeat(Math.max(0, columnsOf(lead) - 4));
  return [lead + first, ...rest.map((cause) => `${hang}and ${cause}`)];
}

function details(change: ShownChange, room: number): string[] {
  return sayDetails(change).flatMap((line) => indentWrapped(line, room));
}

function indentWrapped(line: string, room: number): string[] {
  const lead = /^\s*/.exec(line)?.[0] ?? '';
  return wrap(line.trimStart(), room - lead.length).map((each) => lead + each);
}

const verbWords: Record<Verb, string> = {
  keep: 'stays as it is',
  create: 'create',
  recreate: 'recreate',
  start: 'start',
  stop: 'stop',
  remove: 'remove',
  scale: 'scale',
  run: 'run',
  pull: 'pull',
  build: 'build',
  tag: 'move the tag',
  record: 'record',
  execute: 'execute',
  wait: 'wait',
  checkout: 'put on another commit',
  route: 'switch',
};

const signs: Partial<Record<Verb, string>> = {
  keep: '=',
  create: '+',
  start: '+',
  stop: '-',
  remove: '-',
  run: '>',
  execute: '>',
};

/** The sign that stands before a change; what is not known has a question mark. */
export function sign(change: ShownChange): string {
  if (change.open || change.certainty === 'unknown') return '?';
  return signs[change.verb] ?? '~';
}

function paintSign(change: ShownChange, style: Style): string {
  const text = sign(change);
  if (text === '+') return style.good(text);
  if (text === '-') return style.bad(text);
  return text === '?' ? style.note(text) : style.warn(text);
}

function stayingLines({ targets, because }: Staying, style: Style): string[] {
  const verb = targets.length === 1 ? 'stays as it is' : 'stay as they are';
  const text = `${targets.join(', ')}    ${verb}${because === '' ? '' : `: ${because}`}`;
  const [first = '', ...rest] = wrap(text, style.width - 4);
  return [`  ${style.quiet('=')} ${first}`, ...rest.map((line) => `    ${line}`)];
}
