import type { Scope } from '../expression/scope.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { sizeOf } from './build-steps.ts';
import { readyParams } from './params.ts';
import type { BatchSize } from './types.ts';

/**
 * What a loop goes over: the items one by one, or lists of so many; the last size repeats. A percentage counts from all
 * items and is rounded up, so that a batch is never empty.
 */
export function batchesOf(items: readonly Json[], sizes: readonly BatchSize[] | undefined): Json[] {
  if (sizes === undefined || sizes.length === 0) return [...items];
  const batches: Json[] = [];
  for (let from = 0; from < items.length; from += (batches.at(-1) as Json[]).length) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? 1;
    batches.push(items.slice(from, from + countOf(size, items.length)));
  }
  return batches;
}

function countOf(size: BatchSize, all: number): number {
  return typeof size === 'number' ? size : Math.max(1, Math.ceil((all * size.percent) / 100));
}

/** The sizes that a template stands for: one, or a list of numbers and percentages. Throws Problems where it brings something else. */
export function readyBatch(template: string, scope: Scope): BatchSize[] {
  const { batch } = readyParams(one('batch', SIZES), { batch: template }, scope) as { batch: RawSize | RawSize[] };
  return (Array.isArray(batch) ? batch : [batch]).map(sizeOf);
}

type RawSize = number | string;

/** The pause that a template stands for, in milliseconds. Throws Problems where it brings something else. */
export function readyDelay(template: string, scope: Scope): number {
  return readyParams(one('delay', DELAY), { delay: template }, scope)['delay'] as number;
}

/** As in a playbook; a step may also give whole numbers as texts. */
const SIZE: JsonSchema = {
  anyOf: [
    { type: 'integer', minimum: 1 },
    { type: 'string', pattern: '^([1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$', title: 'a size like `2` or `25%`' },
  ],
};
const SIZES: JsonSchema = { anyOf: [...(SIZE.anyOf ?? []), { type: 'array', items: SIZE, minItems: 1 }] };
const DELAY: JsonSchema = { type: 'string', format: 'duration' };

function one(key: string, schema: JsonSchema): JsonSchema {
  return { type: 'object', required: [key], properties: { [key]: schema } };
}
