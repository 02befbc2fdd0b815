import { formatDuration } from '../playbook/duration.ts';
import { list } from '../report/amounts.ts';
import type { Plan, PlannedTrigger } from './types.ts';

/** What watches for a rollback: per window what trips it, then when and for how long, then what does not watch and why. */
export function watched({ triggers }: Pick<Plan, 'triggers'>): string[] {
  const on = triggers.filter(({ off }) => off === undefined);
  const off = triggers.filter((trigger) => trigger.off !== undefined);
  if (triggers.length === 0) return [];
  const windows = groups(on, ({ from, until, window }) => `${from} ${until} ${window ?? ''}`);
  return [
    ...(windows.length === 0 ? ['nothing'] : windows.flatMap(windowLines)),
    ...groups(off, (trigger) => trigger.off ?? '').map(offLine),
  ];
}

function windowLines(triggers: PlannedTrigger[]): string[] {
  const { from = '', until = '', window = 0 } = triggers[0] ?? {};
  const begin = from === 'start' ? 'from the first change on' : `from the end of \`${from}\` on`;
  const least = window > 0 ? `, for ${formatDuration(window)} at least` : '';
  return [triggers.map(({ say }) => say).join(' · '), `  ${begin} until \`${until}\` has ended${least}`];
}

function offLine(triggers: PlannedTrigger[]): string {
  return `not watched: ${list(triggers.map(({ id }) => id))}, as ${triggers[0]?.off ?? ''}`;
}

function groups(triggers: readonly PlannedTrigger[], key: (trigger: PlannedTrigger) => string): PlannedTrigger[][] {
  const found = new Map<string, PlannedTrigger[]>();
  for (const trigger of triggers) found.set(key(trigger), [...(found.get(key(trigger)) ?? []), trigger]);
  return [...found.values()];
}
