import { Defect } from '../errors.ts';
import type { Json } from '../runner/schema.ts';
import { parseDuration } from './duration.ts';
import { parseBackoff } from './formats.ts';
import type { Locator } from './locate.ts';
import type { Path } from './path.ts';
import type {
  BatchSize,
  GuardUse,
  LoopStep,
  ParallelStep,
  Retry,
  Step,
  StepNode,
  StepProbe,
  StepUndo,
} from './types.ts';

export type RawGuard = Omit<GuardUse, 'level' | 'place'> & { level?: GuardUse['level'] };
export type RawStep = {
  id: string;
  uses: string;
  with?: Record<string, Json>;
  description?: string;
  when?: string;
  guards?: RawGuard[];
  expect?: string;
  retry?: { attempts: number; backoff?: string; if?: string };
  timeout?: string;
  undo?: 'none' | { uses: string; with?: Record<string, Json> };
  because?: string;
  probe?: { uses: string; with?: Record<string, Json>; done: string };
  pivot?: boolean;
};
type RawSize = number | string;
type RawBlock = { id: string; description?: string; when?: string };
type RawParallel = RawBlock & { parallel: RawStep[] };
type RawLoop = RawBlock & {
  for_each: { in: string; as: string; batch?: RawSize | RawSize[]; delay?: string; allow?: number };
  do: RawNode[];
};
export type RawNode = RawStep | RawParallel | RawLoop;

/** Makes a step of any form, with all that stands in it. */
export function nodeOf(raw: RawNode, path: Path, locate: Locator): StepNode {
  if ('for_each' in raw) return loopOf(raw, path, locate);
  return 'parallel' in raw ? parallelOf(raw, path, locate) : stepOf(raw, path, locate);
}

function parallelOf(raw: RawParallel, path: Path, locate: Locator): ParallelStep {
  const steps = raw.parallel.map((step, index) => stepOf(step, [...path, 'parallel', index], locate));
  return { kind: 'parallel', ...blockOf(raw, path, locate), parallel: steps };
}

function loopOf(raw: RawLoop, path: Path, locate: Locator): LoopStep {
  const { in: list, as, batch, delay, allow = 0 } = raw.for_each;
  return {
    kind: 'for_each',
    ...blockOf(raw, path, locate),
    in: list,
    as,
    ...optional('batch', batch === undefined ? undefined : batchOf(batch)),
    ...optional('delay', delay === undefined || isTemplate(delay) ? delay : duration(delay)),
    allow,
    do: raw.do.map((node, index) => nodeOf(node, [...path, 'do', index], locate)),
  };
}

function blockOf({ id, description, when }: RawBlock, path: Path, locate: Locator): Block {
  const said = { ...optional('description', description), ...optional('when', when) };
  return { id, ...said, pivot: false, place: locate.value(path) };
}

type Block = Pick<LoopStep, 'id' | 'description' | 'when' | 'pivot' | 'place'>;

function batchOf(batch: RawSize | RawSize[]): BatchSize[] | string {
  if (typeof batch === 'string' && isTemplate(batch)) return batch;
  return (Array.isArray(batch) ? batch : [batch]).map(sizeOf);
}

/** A size as it is written: `2`, or `25%`. */
export function sizeOf(size: RawSize): BatchSize {
  const text = String(size);
  return text.endsWith('%') ? { percent: Number(text.slice(0, -1)) } : Number(text);
}

function isTemplate(text: string): boolean {
  return text.includes('{{');
}

export function stepOf(raw: RawStep, path: Path, locate: Locator): Step {
  const { id, uses, description, when, expect } = raw;
  return {
    id,
    uses,
    with: raw.with ?? {},
    ...optional('description', description),
    ...optional('when', when),
    guards: guardsOf(raw.guards, [...path, 'guards'], locate),
    ...optional('expect', expect),
    ...optional('retry', raw.retry && retryOf(raw.retry)),
    ...optional('timeout', duration(raw.timeout)),
    ...optional('undo', undoOf(raw)),
    ...optional('probe', raw.probe && probeOf(raw.probe)),
    pivot: raw.pivot ?? false,
    place: locate.value(path),
  };
}

export function guardsOf(list: RawGuard[] | undefined, path: Path, locate: Locator): GuardUse[] {
  return (list ?? []).map((guard, index) => ({
    ...guard,
    level: guard.level ?? 'no-go',
    place: locate.value([...path, index]),
  }));
}

function undoOf({ undo, because }: RawStep): StepUndo | undefined {
  if (undo === 'none') return { none: true, because: because ?? '' };
  return undo && { uses: undo.uses, with: undo.with ?? {} };
}

function probeOf({ uses, with: written, done }: NonNullable<RawStep['probe']>): StepProbe {
  return { uses, with: written ?? {}, done };
}

function retryOf({ attempts, backoff = '1s..30s', if: condition }: NonNullable<RawStep['retry']>): Retry {
  const range = parseBackoff(backoff);
  if (!range) throw new Defect(`backoff ${backoff} passed the checks but cannot be read`);
  return { attempts, backoff: range, ...optional('if', condition) };
}

export function duration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
