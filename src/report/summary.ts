import type { RunEvent } from '../engine/events.ts';
import type { Plan, PlannedChange } from '../plan/types.ts';
import type { Json, Verb } from '../runner/contract.ts';
import { list } from './amounts.ts';

/**
 * What a step has done, in a few words: its output `say`, else the changes that the plan listed of it, else its short outputs.
 */
export function summary({ step, outputs }: RunEvent & { type: 'step.ended' }, plan: Plan | undefined): string {
  return stepSummary(step, outputs, plan);
}

/** The same of a step that has ended before. */
export function stepSummary(step: string, outputs: Record<string, Json | undefined>, plan: Plan | undefined): string {
  const { say } = outputs;
  if (typeof say === 'string') return say;
  const planned = plan?.changes.filter((change) => change.step === step) ?? [];
  return (fromPlan(planned) ?? fromOutputs(outputs)) || 'done';
}

const done: Record<Verb, string> = {
  keep: 'as it was',
  create: 'created',
  recreate: 'recreated',
  start: 'started',
  stop: 'stopped',
  remove: 'removed',
  scale: 'scaled',
  run: 'run',
  pull: 'pulled',
  build: 'built',
  tag: 'tagged',
  record: 'recorded',
  execute: 'executed',
  wait: 'waited for',
  checkout: 'put on another commit',
  route: 'switched',
};

/** Only what was certain can be said to have been done. */
function fromPlan(planned: readonly PlannedChange[]): string | undefined {
  const changes = planned.filter((change) => change.verb !== 'keep' && change.verb !== 'wait');
  if (planned.length > 0 && planned.every((change) => change.verb === 'keep')) return 'nothing to change';
  if (changes.length === 0 || planned.some((change) => change.certainty !== 'certain')) return undefined;
  const byVerb = new Map<Verb, string[]>();
  for (const { verb, target } of changes) byVerb.set(verb, [...(byVerb.get(verb) ?? []), target]);
  return [...byVerb].map(([verb, targets]) => `${list(targets)} ${done[verb]}`).join('; ');
}

/** Short outputs in words: `1 healthy, 1 running` for a map of words, else `status 200`. */
function fromOutputs(outputs: Record<string, Json | undefined>): string {
  const entries = Object.entries(outputs).filter(([name]) => !name.endsWith('_ms'));
  const counted = entries.map(([, value]) => countWords(value)).find((text) => text !== '');
  return counted ?? entries.flatMap(([name, value]) => short(name, value)).join(', ');
}

function countWords(value: Json | undefined): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const counts = new Map<string, number>();
  for (const word of Object.values(value)) {
    if (typeof word !== 'string' || !/^[a-z][a-z -]{0,19}$/.test(word)) return '';
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, number]) => `${number} ${word}`).join(', ');
}

function short(name: string, value: Json | undefined): string[] {
  const words = name.replaceAll('_', ' ');
  if (typeof value === 'boolean') return [value ? words : `not ${words}`];
  if (typeof value === 'number') return [`${words} ${value}`];
  if (typeof value === 'string')
    return value !== '' && value.length <= 60 && !value.includes('\n') ? [`${words} ${value}`] : [];
  if (!Array.isArray(value) || value.length === 0) return [];
  return value.every((each) => typeof each === 'string') ? [`${words} ${list(value)}`] : [`${words} ${value.length}`];
}
