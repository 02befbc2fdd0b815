import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import type { Place } from '../errors.ts';
import type { Path } from './path.ts';
import { scalarOffsets } from './scalar-offsets.ts';

/** Knows where everything of a document stands in its file. */
export interface Locator {
  /** The value at the path; where it is missing, what would hold it. */
  value(path: Path): Place;
  /** The key itself, the last one of the path. */
  key(path: Path): Place;
  /** Characters of a text; the start of the text where its writing does not allow better. */
  inside(path: Path, start: number, end: number): Place;
  /** How a scalar is written: `1.10` for what reads as 1.1. Nothing for what is quoted. */
  plainSource(path: Path): string | undefined;
  at(offset: number, length?: number): Place;
}

export function createLocator(file: string, text: string, document: Document, lines: LineCounter): Locator {
  const at = (offset: number, length?: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), ...(length !== undefined && { length }) };
  };
  const spanOf = (node: Node | null | undefined): Place => {
    const [start, end] = node?.range ?? [0, 0];
    return at(start, Math.max(firstLine(text.slice(start, end)).length, 1));
  };
  // A text with many mistakes in it is walked through once, not once for each.
  const known = new Map<Scalar, number[] | undefined>();
  const offsetsIn = (node: Scalar): number[] | undefined => {
    if (!known.has(node)) known.set(node, scalarOffsets(text, node));
    return known.get(node);
  };
  const value = (path: Path): Place => {
    for (let length = path.length; length > 0; length--) {
      const found = follow(document, path.slice(0, length));
      if (found?.node?.range) return spanOf(found.node);
      if (found?.key?.range) return spanOf(found.key);
    }
    const [start] = document.contents?.range ?? [0];
    return at(start, 1);
  };
  return {
    value,
    at,
    key: (path) => {
      const found = follow(document, path);
      return found?.key ? spanOf(found.key) : value(path);
    },
    inside: (path, start, end) => {
      const node = follow(document, path)?.node;
      const offsets = isScalar(node) ? offsetsIn(node) : undefined;
      // Behind the last character: the expression ends too early.
      const last = offsets?.at(-1);
      const from = offsets?.[start] ?? (last === undefined ? undefined : last + 1);
      if (from === undefined) return value(path);
      const to = offsets?.[Math.max(end - 1, start)] ?? from;
      return at(from, Math.max(firstLine(text.slice(from, to + 1)).length, 1));
    },
    plainSource: (path) => {
      const node = follow(document, path)?.node;
      return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;
    },
  };
}

type Found = { key?: Node; node?: Node | null };

function follow(document: Document, path: Path): Found | undefined {
  let found: Found = { node: document.contents };
  for (const step of path) {
    const holder = isAlias(found.node) ? found.node.resolve(document) : found.node;
    const next = isMap(holder) ? inMap(holder.items, step) : isSeq(holder) ? inList(holder.items, step) : undefined;
    if (!next) return undefined;
    found = next;
  }
  return found;
}

function inMap(items: readonly Pair[], step: string | number): Found | undefined {
  const pair = pairsOf(items).get(String(step));
  return pair && { key: pair.key as Node, node: pair.value as Node | null };
}

const indexed = new WeakMap<readonly Pair[], Map<string, Pair>>();

/** By their keys, of which the first counts: a map is asked for each problem in it. */
function pairsOf(items: readonly Pair[]): Map<string, Pair> {
  const found = indexed.get(items) ?? new Map<string, Pair>();
  if (!indexed.has(items))
    for (const pair of items.toReversed())
      if (isPair(pair) && isScalar(pair.key)) found.set(String(pair.key.value), pair);
  indexed.set(items, found);
  return found;
}

function inList(items: readonly unknown[], step: string | number): Found | undefined {
  return typeof step === 'number' && step < items.length ? { node: items[step] as Node } : undefined;
}

function firstLine(text: string): string {
  return (/^[^\r\n]*/.exec(text)?.[0] ?? '').trimEnd();
}
