import { type Document, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Place, Problem } from '../errors.ts';
import { createLocator, type Locator } from './locate.ts';
import type { ProblemCode } from './problem-codes.ts';
import { severalDocuments, syntaxProblem, unquotedTemplates } from './syntax-problems.ts';

/** A playbook's text as it was given. */
export type Source = { file: string; text: string };

/** The document as plain data, with the place of everything in it. */
export type Parsed = { value: unknown; locate: Locator; document: Document; text: string };

const MAX_BYTES = 1_000_000;

/** Some of what is looked at grows with the square of what there is: a file made for it would keep a check busy for minutes. */
const MAX_PARTS = 10_000;

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
  if (partsOf(text) > MAX_PARTS)
    return refuse(
      'file-too-large',
      `the file has ${partsOf(text)} lines, values and references, a playbook has at most ${MAX_PARTS}`,
      'give the playbook itself',
    );
  if (/[\0\uFFFD]/.test(text)) return refuse('not-text', 'the file is no UTF-8 text', 'save it as UTF-8');
  const lines = new LineCounter();
  const documents = read(text, lines);
  if (!documents)
    return refuse('not-yaml', 'the file is nested too deeply to be read', 'a playbook needs no more than ten levels');
  const [document, second] = documents;
  if (!document || isEmpty(document)) return refuse('empty-file', 'the file is empty', 'begin with `playbook: v1`');
  const locate = createLocator(file, text, document, lines);
  const problems = [...document.errors, ...document.warnings].map((error) =>
    syntaxProblem(error, { text, locate, document }),
  );
  if (second) problems.push(severalDocuments(second, locate));
  problems.push(...unquotedTemplates(document, text, locate));
  if (problems.length > 0) return { problems: withoutEchoes(problems) };
  return plainData(document, { locate, text });
}

/** Roughly, and before anything is parsed: each key has a colon, each item of a list a comma or a line. */
function partsOf(text: string): number {
  return text.match(/[:,\n]|\{\{/g)?.length ?? 0;
}

function isEmpty({ contents, errors }: Document): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null));
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

function plainData(
  document: Document,
  { locate, text }: Pick<Parsed, 'locate' | 'text'>,
): { parsed: Parsed } | { problems: Problem[] } {
  try {
    return { parsed: { value: document.toJS({ maxAliasCount: 100 }), locate, document, text } };
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
  visit(document, {
    Alias: (_key, node) => {
      if (node.source === name) offset = node.range?.[0] ?? 0;
    },
  });
  return {
    code: 'not-yaml',
    message: `there is no anchor \`&${name}\` before this alias`,
    place: locate.at(offset, name.length + 1),
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

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
