import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export type Node = ASTNode;

/** Longest expression that is read; a longer one is a program, not a condition. */
export const MAX_EXPRESSION = 4_000;

export const CEL_OPTIONS = {
  enableOptionalTypes: true,
  limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 200 },
};

/** Names that belong to CEL itself. */
export const CEL_NAMES: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'dyn',
  'optional',
  'cel',
  'google',
]);

/** Macros that loop over a list or a map: `list.all(x, …)`. */
export const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

const syntax = new Environment({ ...CEL_OPTIONS, unlistedVariablesAreDyn: true }).registerFunction(
  'regex(dyn, dyn): bool',
  () => false,
);

/** Parses without any knowledge of names and types; throws CEL's ParseError. */
export function parseSyntax(text: string): Node {
  return syntax.parse(text).ast;
}

/** The loop a node is, with the variable it binds. */
export function loopOf(node: Node): { variable: string; over: Node; body: Node[] } | undefined {
  if (node.op !== 'rcall') return undefined;
  const [name, over, [variable, ...body]] = node.args;
  if (!LOOPS.has(name) || variable?.op !== 'id' || body.length === 0) return undefined;
  return { variable: variable.args, over, body };
}

/** The nodes right below one, in the order of the text. */
export function childrenOf(node: Node): Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return [...node.args];
  }
}

/** The variables that loops around a node have bound, with what each of them runs over. */
export type Bound = ReadonlyMap<string, Node>;

/** Calls `visit` for each node but the names that loops bind. */
export function walk(node: Node, visit: (node: Node, bound: Bound) => void, bound: Bound = new Map()): void {
  visit(node, bound);
  const loop = loopOf(node);
  if (!loop) {
    for (const child of childrenOf(node)) walk(child, visit, bound);
    return;
  }
  walk(loop.over, visit, bound);
  const inside = new Map(bound).set(loop.variable, loop.over);
  for (const child of loop.body) walk(child, visit, inside);
}

/** The key an access names, where it is written out: `.name` or `["name"]`. */
export function keyOf(node: Node): string | undefined {
  if (node.op === '.' || node.op === '.?') return node.args[1];
  if (node.op !== '[]' && node.op !== '[?]') return undefined;
  const [, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? index.args : undefined;
}

/** What an access looks into. */
export function accessed(node: Node): Node | undefined {
  return node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]' ? node.args[0] : undefined;
}
