import { type Document, isMap, isPair, visit, type YAMLError } from 'yaml';
import type { Place, Problem } from '../errors.ts';
import type { Locator } from './locate.ts';

type Around = { text: string; locate: Locator; document: Document };

/** A complaint of the YAML parser in our words. */
export function syntaxProblem(error: YAMLError, { text, locate, document }: Around): Problem {
  const [from, to] = error.pos;
  const place = locate.at(from, Math.max(1, Math.min(to - from, 80)));
  const line = lineAround(text, from);
  if (error.code === 'DUPLICATE_KEY') return duplicateKey(from, text, document, locate);
  if (error.code === 'TAB_AS_INDENT')
    return { code: 'tab', message: 'a tab is used to indent', hint: 'use blanks', place };
  if (/(?:^|[:[{,-]\s+)\{\{/.test(line.text)) return unquoted(locate.at(line.start + line.text.indexOf('{{'), 2));
  const opened = /^Missing closing .quote/.test(error.message) ? openQuote(document, from) : undefined;
  const words = syntaxWords(error, text.slice(from, from + 1));
  return { code: 'not-yaml', ...words, place: opened === undefined ? place : locate.at(opened) };
}

/** Where the quote begins that the parser misses the end of. */
function openQuote(document: Document, end: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Scalar: (_key, node) => {
      const [from, to] = node.range ?? [0, 0];
      if (node.type?.startsWith('QUOTE') && from < end && to >= end) start = from;
    },
  });
  return start;
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

export function severalDocuments(second: Document.Parsed, locate: Locator): Problem {
  return {
    code: 'several-documents',
    message: 'the file holds more than one document',
    hint: 'put each playbook in a file of its own',
    place: locate.at(second.range[0]),
  };
}

/** YAML reads an unquoted `{{ x }}` as a map whose only key is a map. */
export function unquotedTemplates(document: Document, text: string, locate: Locator): Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Map: (_key, map) => {
      const inner = map.flow && map.items.length === 1 ? map.items[0]?.key : undefined;
      const offset = map.range?.[0] ?? 0;
      if (!isMap(inner)) return undefined;
      const closing = text.indexOf('}}', offset);
      const place = locate.at(offset, closing < 0 ? 2 : closing + 2 - offset);
      found.push({ ...unquoted(place), ...quoted(text.slice(offset, lineEnd(text, offset)), place) });
      return visit.SKIP;
    },
  });
  return found;
}

/** The whole value, and nothing in it that quotes would change. */
function quoted(rest: string, place: Place): Pick<Problem, 'mend'> {
  const template = /^\{\{[^{}']*\}\}(?=\s*(?:[,}\]]|$| #))/.exec(rest)?.[0];
  return template === undefined
    ? {}
    : { mend: { place: { ...place, length: template.length }, text: `'${template}'` } };
}

function unquoted(place: Place): Problem {
  return {
    code: 'unquoted-template',
    message: 'a template stands without quotes, so YAML reads it as a map',
    hint: "put it in quotes: '{{ … }}'",
    place,
  };
}

function lineAround(text: string, offset: number): { text: string; start: number } {
  const start = text.lastIndexOf('\n', Math.max(offset - 1, 0)) + 1;
  return { text: text.slice(start, lineEnd(text, start)), start };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
