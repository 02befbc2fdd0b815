import { topOf } from './instance.ts';
import type { Playbook, TriggerUse } from './types.ts';

/** Id of the top-level step whose end ends the watch of a trigger: no later than the pivot; without one, the last step. */
export function untilOf({ steps }: Pick<Playbook, 'steps'>, { until }: Pick<TriggerUse, 'until'>): string {
  const last = steps.find((step) => step.pivot) ?? steps.at(-1);
  return until === undefined ? (last?.id ?? '') : topOf(steps, until);
}

/** Ids of the top-level steps during which a trigger watches: after `from`, up to and with `until`. */
export function windowOf(playbook: Pick<Playbook, 'steps'>, use: Pick<TriggerUse, 'from' | 'until'>): string[] {
  const ids = playbook.steps.map(({ id }) => id);
  const first = use.from === 'start' ? 0 : ids.indexOf(topOf(playbook.steps, use.from)) + 1;
  return ids.slice(first, ids.indexOf(untilOf(playbook, use)) + 1);
}
