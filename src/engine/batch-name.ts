import { instanceKey, parseInstance } from '../playbook/instance.ts';
import type { Json } from '../runner/schema.ts';
import type { LoopState, RunState } from './run-state.ts';

/**
 * A batch of the innermost loop that a step stands in. `name` is what people call it: by what the loops go over
 * (`web 2 of 3`), else by the loop (`roll 2 of 3`). `key` tells batches apart.
 */
export type Batch = { key: string; name: string; loop: LoopState; number: number };

/** The batch of a step of the journal; undefined outside of loops. */
export function batchOf(state: RunState, step: string): Batch | undefined {
  const around = loopsAround(state, step);
  const innermost = around.at(-1);
  if (innermost === undefined) return undefined;
  const { loop, number } = innermost;
  return { key: instanceKey(loop.step, [number]), name: nameOf(around), loop, number };
}

/** How a step is called where people read it: `healthy`, in a batch `web 2 of 3 · ready`. */
export function stepName(state: RunState, step: string): string {
  const batch = batchOf(state, step);
  return batch === undefined ? step : `${batch.name} · ${parseInstance(step).id}`;
}

/** Whether it stands in a batch that failed and was given up, as `allow` lets it. */
export function isGivenUp(state: RunState, step: string): boolean {
  return loopsAround(state, step).some(({ loop, number }) => loop.given_up.includes(number));
}

/** Id of the outermost loop that a step stands in; undefined outside of loops. */
export function outermostLoop(state: RunState, step: string): string | undefined {
  return loopsAround(state, step)[0]?.loop.step;
}

type Around = { loop: LoopState; number: number };

/** The loops that a step stands in with the batch of each, outermost first. */
function loopsAround(state: RunState, step: string): Around[] {
  const { at } = parseInstance(step);
  const position = positionOf(state, step);
  return at.flatMap((number, level) => {
    const loop = loopAt(state, { prefix: at.slice(0, level), before: position });
    return loop === undefined ? [] : [{ loop, number }];
  });
}

/** Loops one after the other number their batches alike: it is the last one that began before the step. */
function loopAt(state: RunState, { prefix, before }: { prefix: readonly number[]; before: number }) {
  const begun = state.loops
    .filter(({ step }) => sameBatch(parseInstance(step).at, prefix))
    .map((loop) => ({ loop, position: positionOf(state, loop.step) }))
    .filter(({ position }) => position < before);
  return begun.toSorted((a, b) => a.position - b.position).at(-1)?.loop;
}

function sameBatch(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, level) => number === b[level]);
}

/** Where it stands in the order of the run; what has not been heard of yet comes last. */
function positionOf(state: RunState, step: string): number {
  const position = state.steps.findIndex(({ id, phase }) => id === step && phase === 'steps');
  return position < 0 ? state.steps.length : position;
}

/** Items that have a name give it to the batch; lists of items are counted. */
function nameOf(around: readonly Around[]): string {
  return around.reduce((outer, { loop, number }) => {
    const name = itemName(loop.batches[number - 1]);
    if (name !== undefined) return outer === '' ? name : `${outer} · ${name}`;
    if (loop.batches.length === 1 && outer !== '') return outer;
    return `${outer === '' ? parseInstance(loop.step).id : outer} ${number} of ${loop.batches.length}`;
  }, '');
}

function itemName(item: Json | undefined): string | undefined {
  const named = typeof item === 'object' && item !== null && !Array.isArray(item) ? item['name'] : item;
  if (typeof named !== 'string' || named === '') return undefined;
  return /^[0-9a-f]{64}$/.test(named) ? named.slice(0, 12) : named;
}
