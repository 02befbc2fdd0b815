import type { Step, StepNode } from './types.ts';

/** A plain step: it uses an action, and is neither `parallel` nor `for_each`. */
export function isStep(node: StepNode): node is Step & { kind?: undefined } {
  return node.kind === undefined;
}

/** The steps that stand right inside a node; none in a plain step. */
export function childrenOf(node: StepNode): StepNode[] {
  if (node.kind === 'parallel') return node.parallel;
  return node.kind === 'for_each' ? node.do : [];
}

/** Every node with all that stand inside it, in the order of the file. */
export function allNodes(nodes: readonly StepNode[]): StepNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(childrenOf(node))]);
}

/** Every plain step, those inside others too. */
export function plainSteps(nodes: readonly StepNode[]): Step[] {
  return allNodes(nodes).filter(isStep);
}
