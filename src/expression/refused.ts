import { loopOf, type Node, walk } from './syntax.ts';

/** A part of an expression that we do not run, although CEL could. */
export type RefusedPart = { node: Node; message: string; hint: string };

/** Finds what would make evaluation unbounded: `matches`, loops inside loops, `cel.bind`. */
export function refusedParts(ast: Node): RefusedPart[] {
  const refused: RefusedPart[] = [];
  walk(ast, (node, bound) => {
    if (node.op === 'rcall' && node.args[0] === 'matches')
      refused.push({
        node,
        message: '`matches` is not offered',
        hint: 'write `regex(text, pattern)`, whose patterns (RE2) always end in time',
      });
    if (node.op === 'rcall' && node.args[0] === 'bind')
      refused.push({ node, message: '`cel.bind` is not offered', hint: 'write the expression out' });
    if (loopOf(node) && bound.size > 0)
      refused.push({
        node,
        message: 'a loop inside a loop is not offered',
        hint: 'filter first, then ask: `list.filter(x, …).all(y, …)`',
      });
  });
  return refused;
}
