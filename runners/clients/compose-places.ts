import { type Document, isCollection, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Place } from '../../src/errors.ts';
import type { SourceFile } from './compose-files.ts';

/** Finds in the user's Compose files what the rendered model says. */
export type ComposePlaces = {
  /** Where the path leads, as far as it goes; the last file wins, as it overrides. Undefined where not even its service is there. */
  place(path: readonly string[]): Place | undefined;
  /** The scalar as it is written, variables unresolved; undefined where it does not stand in these files. */
  written(path: readonly string[]): string | undefined;
};

export function composePlaces(sources: readonly SourceFile[]): ComposePlaces {
  const files = sources.map(parseFile);
  const walks = (path: readonly string[]) =>
    withBases(path, files).flatMap((each) => files.flatMap((file) => ({ file, ...walk(file, each) })));
  const deepest = (path: readonly string[]) =>
    walks(path).reduce<ReturnType<typeof walks>[number] | undefined>(
      (best, found) => ((found.depth ?? 0) >= Math.max(best?.depth ?? 0, 2) ? found : best),
      undefined,
    );
  return {
    place(path) {
      const found = deepest(path);
      return found?.offset === undefined ? undefined : placeAt(found.file, found.offset);
    },
    written(path) {
      const found = deepest(path);
      return found?.depth === path.length && isScalar(found.node) ? String(found.node.value) : undefined;
    },
  };
}

export type ParsedFile = SourceFile & { document: Document; lines: LineCounter };

export function parseFile(source: SourceFile): ParsedFile {
  const lines = new LineCounter();
  return { ...source, lines, document: parseDocument(source.text, { lineCounter: lines, logLevel: 'silent' }) };
}

/** A key may stand in a service that the named one extends: Compose speaks of the one that inherits it. */
export function withBases(path: readonly string[], files: readonly ParsedFile[]): string[][] {
  const [first, service, ...rest] = path;
  if (first !== 'services' || service === undefined || rest.length === 0) return [[...path]];
  const names = [service];
  for (const name of names) {
    for (const file of files) {
      const extended = file.document.getIn(['services', name, 'extends']);
      const base = isMap(extended) ? extended.get('service') : extended;
      if (typeof base === 'string' && !names.includes(base)) names.push(base);
    }
  }
  return names.map((name) => ['services', name, ...rest]);
}

/** Follows a path as far as it goes. */
export function walk(
  file: ParsedFile,
  path: readonly string[],
): { offset: number; depth: number; node: unknown } | undefined {
  let node: unknown = file.document.contents;
  let offset: number | undefined;
  let depth = 0;
  for (const step of path) {
    const next = enter(node, step);
    if (next === undefined) break;
    offset = next.offset ?? offset;
    node = next.node;
    depth += 1;
  }
  return offset === undefined ? undefined : { offset, depth, node };
}

function enter(node: unknown, step: string): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
    return pair && { node: pair.value, offset: startOf(pair.key) };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items.find((entry) => isScalar(entry) && namesStep(String(entry.value), step));
  const found = item ?? (/^\d+$/.test(step) ? node.items[Number(step)] : undefined);
  return found === undefined ? undefined : { node: found, offset: startOf(found) };
}

/** `data:/var/lib` names the volume `data`, `TAG=1` the variable `TAG`. */
function namesStep(value: string, step: string): boolean {
  return value === step || value.startsWith(`${step}:`) || value.startsWith(`${step}=`);
}

export function startOf(node: unknown): number | undefined {
  return isScalar(node) || isCollection(node) ? (node as Node).range?.[0] : undefined;
}

export function placeAt(file: ParsedFile, offset: number): Place {
  const { line, col } = file.lines.linePos(offset);
  return { file: file.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}
