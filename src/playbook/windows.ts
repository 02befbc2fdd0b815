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

/** A step of the first level, as far as windows need it: `uses` names what it and all inside of it use. */
export type Top = { id: string | undefined; pivot: boolean; uses: readonly string[] };

/** Where the window of a trigger ends among these steps: at `until`, else at the pivot, else at the last one. */
export function lastOf(steps: readonly Top[], until: string | undefined): number {
  const named = until === undefined ? -1 : steps.findIndex(({ id }) => id === until);
  if (named >= 0) return named;
  const pivot = steps.findIndex((step) => step.pivot);
  return pivot >= 0 ? pivot : steps.length - 1;
}

/** From where a trigger watches that does not say so: the first step that waits for health, where the window is open then. */
export function defaultFrom(steps: readonly Top[], until: string | undefined): string {
  const before = steps.slice(0, Math.max(lastOf(steps, until), 0));
  return before.find(({ uses }) => uses.includes('health.wait'))?.id ?? 'start';
}
