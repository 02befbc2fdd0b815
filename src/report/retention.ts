import type { Retired, Stay } from '../history/retention.ts';
import type { RunRow } from '../history/store.ts';
import { count, list, sayTime } from './amounts.ts';
import { clean } from './clean.ts';
import { beside } from './layout.ts';
import { stackName } from './stack-name.ts';
import type { Style } from './style.ts';

/** Which runs go and which stay, and why. */
export function printRetired({ goes, stays }: Retired, style: Style): string {
  const lines = [
    ...beside('Goes   ', sayGoes(goes), style.width),
    ...beside('Stays  ', sayStays(stays.map(({ why }) => why)), style.width),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The same for programs: ids, and of those that stay the reason. */
export function retiredJson({ goes, stays }: Retired): {
  goes: string[];
  stays: { id: string; because: Stay }[];
} {
  return { goes: goes.map(({ run }) => run), stays: stays.map(({ row, why }) => ({ id: row.run, because: why })) };
}

function sayGoes(goes: readonly RunRow[]): string {
  if (goes.length === 0) return 'no run';
  const days = goes.map(({ created_at }) => created_at).toSorted((a, b) => a - b);
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0].map((at) => sayTime(at).slice(0, 10));
  const stacks = [...Map.groupBy(clean([...goes]), ({ project }) => stackName(project))];
  const each = stacks.map(([stack, rows]) => `${rows.length} of ${stack}`);
  const when = first === last ? `of ${first}` : `of ${first} to ${last}`;
  return `${count(goes.length, 'run')} ${when}: ${list(each)}`;
}

function sayStays(all: readonly Stay[]): string {
  if (all.length === 0) return 'no run';
  const each = [...Map.groupBy(all, (why) => why)].map(([why, { length }]) => `${length} ${because[why]}`);
  return `${count(all.length, 'run')}: ${each.join(' · ')}`;
}

const because: Readonly<Record<Stay, string>> = {
  unfinished: 'not finished',
  release: 'with a release that is kept or the newest number',
  latest: 'the latest to work on its stack',
  newest: 'among the newest of its stack',
  young: 'too young',
};
