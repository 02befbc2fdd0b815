import { childrenOf } from './nodes.ts';
import type { LoopStep, StepNode } from './types.ts';

/** Which batches a step stands in: numbers from 1, of the outermost loop first. Outside of loops there are none. */
export type At = readonly number[];

/** How a step is named in the journal: its id, in loops with the numbers of the batches: `start[1.2]`. */
export function instanceKey(id: string, at: At): string {
  return at.length === 0 ? id : `${id}[${at.join('.')}]`;
}

export function parseInstance(key: string): { id: string; at: At } {
  const open = key.indexOf('[');
  if (open < 0) return { id: key, at: [] };
  return {
    id: key.slice(0, open),
    at: key
      .slice(open + 1, -1)
      .split('.')
      .map(Number),
  };
}

/** Whether a batch is the other one, or one of a loop inside it. */
export function isWithin(at: At, outer: At): boolean {
  return outer.every((number, level) => at[level] === number);
}

/** The nodes around the one of this id, outermost first; undefined where there is none of this id. */
export function ancestorsOf(nodes: readonly StepNode[], id: string): StepNode[] | undefined {
  for (const node of nodes) {
    if (node.id === id) return [];
    const inner = ancestorsOf(childrenOf(node), id);
    if (inner) return [node, ...inner];
  }
  return undefined;
}

/** The loops around a step, outermost first: the first number of its `at` counts the batches of the first of them. */
export function loopsAround(nodes: readonly StepNode[], id: string): LoopStep[] {
  return (ancestorsOf(nodes, id) ?? []).filter((node) => node.kind === 'for_each');
}

/** Id of the top-level step that this one is, or stands in. */
export function topOf(nodes: readonly StepNode[], id: string): string {
  return ancestorsOf(nodes, id)?.[0]?.id ?? id;
}

/**
 * What `steps` means at a place: of each id the outputs of the same batch, else of an enclosing one. `outputs` are by
 * instance, in the order in which they came.
 */
export function visibleOutputs<T>(outputs: Iterable<readonly [string, T]>, at: At): Record<string, T> {
  const visible: Record<string, T> = {};
  for (const [key, value] of outputs) {
    const instance = parseInstance(key);
    if (isWithin(at, instance.at)) visible[instance.id] = value;
  }
  return visible;
}
