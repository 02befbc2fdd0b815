import { CouldNotEvaluate, evaluateCondition } from '../expression/condition.ts';
import { formatDuration } from '../playbook/duration.ts';
import { topOf } from '../playbook/instance.ts';
import { readyParams } from '../playbook/params.ts';
import type { TriggerUse } from '../playbook/types.ts';
import { untilOf, windowOf } from '../playbook/windows.ts';
import { realChanges } from './changes.ts';
import { type Draft, type DraftOptions, scopeAt, stepOf } from './draft.ts';
import { waitsFor } from './references.ts';
import type { GuardVerdict, PlannedTrigger } from './types.ts';

type Planned = { triggers: PlannedTrigger[]; verdicts: GuardVerdict[] };

/** What will watch for a rollback, from when until when, and what stands against it: a window in which it could see nothing. */
export async function planTriggers(draft: Draft, options: DraftOptions): Promise<Planned> {
  const { rollback } = options.playbook;
  const uses = rollback === 'never' ? [] : rollback.triggers;
  const planned = await Promise.all(uses.map((use) => planTrigger(use, draft, options)));
  return { triggers: planned.map(({ trigger }) => trigger), verdicts: planned.flatMap(({ verdicts }) => verdicts) };
}

async function planTrigger(
  use: TriggerUse,
  draft: Draft,
  options: DraftOptions,
): Promise<{ trigger: PlannedTrigger; verdicts: GuardVerdict[] }> {
  const { playbook, registry, look } = options;
  const runner = await registry.find(use.uses);
  const until = untilOf(playbook, use);
  const base = { id: use.id, uses: use.uses, from: use.from, until };
  if (runner?.kind !== 'trigger')
    return { trigger: { ...base, say: use.uses, off: 'there is no such trigger' }, verdicts: [] };
  const scope = scopeAt(draft, { at: [], locals: {} }, options);
  const wanted = playbook.rollback !== 'never' && playbook.rollback.on.includes('trigger');
  if (!wanted)
    return { trigger: { ...base, say: use.uses, off: '`rollback.on` does not name `trigger`' }, verdicts: [] };
  try {
    const waits = waitsFor({ conditions: [use.when], templates: use.with }, [...new Set(draft.pending)]);
    if (waits !== undefined) return { trigger: { ...base, say: use.uses }, verdicts: [] };
    if (use.when !== undefined && !evaluateCondition(use.when, scope).value)
      return { trigger: { ...base, say: use.uses, off: `\`${use.when}\` is false` }, verdicts: [] };
    const params = readyParams(runner.params, use.with, scope) as never;
    const window = windowLength(use, draft, options);
    const trigger = { ...base, say: runner.say(params), window };
    const needs = runner.needs(params) + (use.trip.bad - 1) * every(params);
    if (window === 0 && needs > 0) return { trigger: { ...trigger, off: 'nothing in its window waits' }, verdicts: [] };
    if (realChanges(draft).length === 0) return { trigger, verdicts: [] };
    const short = tooShort(needs, window) ?? (await runner.objection?.(params, look, window));
    const verdict = { id: use.id, verdict: 'no-go', say: short ?? '', hint: HINT } as const;
    return { trigger, verdicts: short === undefined ? [] : [verdict] };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotEvaluate)) throw thrown;
    const say = `could not evaluate \`when\`: ${thrown.message}`;
    return { trigger: { ...base, say: use.uses }, verdicts: [{ id: use.id, verdict: 'no-go', say }] };
  }
}

/** Between two samples, where the trigger takes them by the clock. */
function every(params: { every?: number }): number {
  return typeof params.every === 'number' ? params.every : 0;
}

const HINT = 'Let it watch for longer, for instance by a longer soak; 0s switches the watching off.';

/** What it watches in any case: soaks and pauses, but not how long the steps between them take. */
function windowLength(use: TriggerUse, draft: Draft, { playbook }: DraftOptions): number {
  const ids = new Set(windowOf(playbook, use));
  const within = draft.changes.filter((change) => ids.has(topOf(playbook.steps, stepOf(change))));
  return within.reduce((sum, { takes = 0 }) => sum + takes, 0);
}

function tooShort(needs: number, window: number): string | undefined {
  if (window >= needs) return undefined;
  return `the trigger watches for ${formatDuration(window)}, and cannot find anything before ${formatDuration(needs)} have passed`;
}
