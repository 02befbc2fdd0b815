import { type Document, isMap, isPair, LineCounter, parseAllDocuments, visit, type YAMLError } from 'yaml';
import type { Place, Problem } from '../errors.ts';
import { createLocator, type Locator } from './locate.ts';
import type { ProblemCode } from './problem-codes.ts';

/** A playbook's text as it was given. */
export type Source = { file: string; text: string };

/** The document as plain data, with the place of everything in it. */
export type Parsed = { value: unknown; locate: Locator };

const MAX_BYTES = 1_000_000;

/** Reads YAML 1.2; gives the data, or every reason why there is none. Never both. */
export function parseYaml(source: Source): { parsed: Parsed } | { problems: Problem[] } {
  const { file, text } = source;
  const start: Place = { file, line: 1, column: 1 };
  const refuse = (code: ProblemCode, message: string, hint: string) => ({
    problems: [{ code, message, hint, place: start }],
  });
  if (text.length > MAX_BYTES)
    return refuse(
      'file-too-large',
      `the file has ${megabytes(text.length)} MB, a playbook has at most 1 MB`,
      'give the playbook itself',
    );
  if (/[\0\uFFFD]/.test(text)) return refuse('not-text', 'the file is no UTF-8 text', 'save it as UTF-8');
  const lines = new LineCounter();
  const documents = read(text, lines);
  if (!documents)
    return refuse('not-yaml', 'the file is nested too deeply to be read', 'a playbook needs no more than ten levels');
  const [document, second] = documents;
  if (!document || document.contents === null)
    return refuse('empty-file', 'the file is empty', 'begin with `playbook: v1`');
  const locate = createLocator(file, text, document, lines);
  const problems = [...document.errors, ...document.warnings].map((error) =>
    syntaxProblem(error, { text, locate, document }),
  );
  if (second) problems.push(severalDocuments(second, locate));
  problems.push(...unquotedTemplates(document, text, locate));
  if (problems.length > 0) return { problems: withoutEchoes(problems) };
  return plainData(document, locate);
}

function read(text: string, lines: LineCounter): Document.Parsed[] | undefined {
  try {
    const options = { version: '1.2', schema: 'core', strict: true, uniqueKeys: true, prettyErrors: false } as const;
    return [...parseAllDocuments(text, { ...options, lineCounter: lines })] as Document.Parsed[];
  } catch (error) {
    // The parser is recursive: only a file made for it runs out of stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function plainData(document: Document, locate: Locator): { parsed: Parsed } | { problems: Problem[] } {
  try {
    return { parsed: { value: document.toJS({ maxAliasCount: 100 }), locate } };
  } catch (error) {
    if (error instanceof RangeError) return { problems: [tooDeep(locate)] };
    if (!(error instanceof ReferenceError)) throw error;
    const unresolved = /: (\S+)$/.exec(error.message)?.[1];
    if (unresolved !== undefined && error.message.startsWith('Unresolved'))
      return { problems: [missingAnchor(unresolved, document, locate)] };
    const message = 'aliases multiply into more data than a playbook can hold';
    return { problems: [{ code: 'alias-bomb', message, hint: 'write the values out', place: locate.at(0) }] };
  }
}

function tooDeep(locate: Locator): Problem {
  return { code: 'not-yaml', message: 'the file is nested too deeply to be read', place: locate.at(0) };
}

function missingAnchor(name: string, document: Document, locate: Locator): Problem {
  let offset = 0;
  visit(document, { Alias: (_key, node) => void (node.source === name && (offset = node.range?.[0] ?? 0)) });
  return {
    code: 'not-yaml',
    message: `there is no anchor \`&${name}\` before this alias`,
    place: locate.at(offset, name.length + 1),
  };
}

type Around = { text: string; locate: Locator; document: Document };

function syntaxProblem(error: YAMLError, { text, locate, document }: Around): Problem {
  const [from, to] = error.pos;
  const place = locate.at(from, Math.max(1, Math.min(to - from, 80)));
  const line = lineAround(text, from);
  if (error.code === 'DUPLICATE_KEY') return duplicateKey(from, text, document, locate);
  if (error.code === 'TAB_AS_INDENT')
    return { code: 'tab', message: 'a tab is used to indent', hint: 'use blanks', place };
  if (/(?:^|[:[{,-]\s+)\{\{/.test(line.text)) return unquoted(locate.at(line.start + line.text.indexOf('{{'), 2));
  return { code: 'not-yaml', ...syntaxWords(error, text.slice(from, from + 1)), place };
}

function syntaxWords(error: YAMLError, char: string): { message: string; hint?: string } {
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'there are two `key: value` on one line', hint: 'put a text that holds `: ` in quotes' };
    case 'BAD_SCALAR_START':
      return { message: `a text cannot begin with \`${char}\``, hint: 'put it in quotes' };
    case 'BAD_INDENT':
      return { message: 'the indentation does not fit', hint: 'keys of one map stand in one column' };
    case 'MISSING_CHAR':
      return {
        message: error.message
          .replace("Missing closing 'quote", 'a single quote is not closed')
          .replace('Missing closing "quote', 'a double quote is not closed'),
      };
    case 'TAG_RESOLVE_FAILED':
      return { message: 'YAML tags (`!name`) are not used in playbooks', hint: 'remove the tag' };
    default:
      return { message: `this is not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}` };
  }
}

function duplicateKey(offset: number, text: string, document: Document, locate: Locator): Problem {
  const name = /^["']?([^\s:"']+)/.exec(text.slice(offset))?.[1] ?? '';
  const first = firstOf(document, offset, name);
  return {
    code: 'duplicate-key',
    message: `\`${name}\` stands twice in this map`,
    hint: 'remove one of them',
    place: locate.at(offset, name.length),
    ...(first !== undefined && { other: { place: locate.at(first, name.length), message: 'the first one' } }),
  };
}

function firstOf(document: Document, offset: number, name: string): number | undefined {
  let first: number | undefined;
  visit(document, {
    Map: (_key, map) => {
      const starts = map.items
        .filter(isPair)
        .map((pair) => ({ key: String(pair.key), at: (pair.key as { range?: number[] }).range?.[0] }));
      if (starts.some(({ at }) => at === offset)) first = starts.find(({ key }) => key === name)?.at;
    },
  });
  return first;
}

function severalDocuments(second: Document.Parsed, locate: Locator): Problem {
  return {
    code: 'several-documents',
    message: 'the file holds more than one document',
    hint: 'put each playbook in a file of its own',
    place: locate.at(second.range[0]),
  };
}

/** YAML reads an unquoted `{{ x }}` as a map whose only key is a map. */
function unquotedTemplates(document: Document, text: string, locate: Locator): Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Map: (_key, map) => {
      const inner = map.flow && map.items.length === 1 ? map.items[0]?.key : undefined;
      const offset = map.range?.[0] ?? 0;
      if (!isMap(inner)) return undefined;
      const closing = text.indexOf('}}', offset);
      found.push(unquoted(locate.at(offset, closing < 0 ? 2 : closing + 2 - offset)));
      return visit.SKIP;
    },
  });
  return found;
}

function unquoted(place: Place): Problem {
  return {
    code: 'unquoted-template',
    message: 'a template stands without quotes, so YAML reads it as a map',
    hint: "put it in quotes: '{{ … }}'",
    place,
  };
}

/** One mistake makes the parser stumble on; what follows on the same line is an echo. */
function withoutEchoes(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number>();
  return problems.filter(({ place, code }) => {
    const line = place?.line ?? 0;
    if (lines.has(line) && code !== 'duplicate-key') return false;
    lines.add(line);
    return true;
  });
}

function lineAround(text: string, offset: number): { text: string; start: number } {
  const start = text.lastIndexOf('\n', Math.max(offset - 1, 0)) + 1;
  const end = text.indexOf('\n', start);
  return { text: text.slice(start, end < 0 ? text.length : end), start };
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
