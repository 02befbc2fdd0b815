import type { Scope } from '../expression/scope.ts';
import type { Json } from '../runner/schema.ts';
import { parseDuration } from './duration.ts';
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

/** The sizes that a template stands for: a list of numbers and percentages. Throws Problems where it brings something else. */
export function readyBatch(template: string, scope: Scope): BatchSize[] {
  const schema = { type: 'object', properties: { batch: {} } } as const;
  const { batch } = readyParams(schema, { batch: template }, scope);
  return (Array.isArray(batch) ? batch : [batch ?? null]).map(sizeOf);
}

function sizeOf(size: Json): BatchSize {
  const text = String(size);
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : Number(text);
}

/** The pause that a template stands for, in milliseconds. */
export function readyDelay(template: string, scope: Scope): number {
  const { delay } = readyParams({ type: 'object', properties: { delay: {} } }, { delay: template }, scope);
  return typeof delay === 'number' ? delay : (parseDuration(String(delay)) ?? 0);
}
