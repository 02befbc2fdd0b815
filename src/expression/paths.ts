import { accessed, type Bound, CEL_NAMES, childrenOf, keyOf, loopOf, type Node, parseSyntax } from './syntax.ts';

/** The paths an expression asks for, each as far as it is written out: `[['steps', 'up', 'ok']]`. None for a broken one. */
export function referencedPaths(expression: string): string[][] {
  try {
    return pathsIn(parseSyntax(expression));
  } catch {
    // A syntax error is reported where the expression is checked or evaluated.
    return [];
  }
}

export function pathsIn(ast: Node): string[][] {
  const found = new Map<string, string[]>();
  collect(ast, new Map(), (path) => found.set(JSON.stringify(path), path));
  return [...found.values()];
}

function collect(node: Node, bound: Bound, found: (path: string[]) => void): void {
  const reference = referenceOf(node);
  if (reference) {
    const [root] = reference.path;
    if (root !== undefined && !bound.has(root) && !CEL_NAMES.has(root)) found(reference.path);
    for (const index of reference.indexes) collect(index, bound, found);
    return;
  }
  const loop = loopOf(node);
  if (!loop) {
    for (const child of childrenOf(node)) collect(child, bound, found);
    return;
  }
  collect(loop.over, bound, found);
  const inside = new Map(bound).set(loop.variable, loop.over);
  for (const child of loop.body) collect(child, inside, found);
}

type Reference = { path: string[]; whole: boolean; indexes: Node[] };

/** A chain of accesses that starts at a name; `whole` is lost at the first computed index. */
function referenceOf(node: Node): Reference | undefined {
  if (node.op === 'id') return { path: [node.args], whole: true, indexes: [] };
  const inner = accessed(node);
  const reference = inner && referenceOf(inner);
  if (!reference) return undefined;
  const key = keyOf(node);
  if (key !== undefined) return reference.whole ? { ...reference, path: [...reference.path, key] } : reference;
  const index = node.op === '[]' || node.op === '[?]' ? [node.args[1]] : [];
  return { ...reference, whole: false, indexes: [...reference.indexes, ...index] };
}
