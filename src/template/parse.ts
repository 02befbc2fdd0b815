/// <reference types="handlebars" />
import { createRequire } from 'node:module';

/** A reference to a value: `inputs.tag`. `start` and `end` count characters of the template. */
export type Reference = { path: readonly string[]; start: number; end: number };

/** A template, taken apart: texts and references in turn. */
export type Template = readonly (string | Reference)[];

/** A template that cannot be used, and where. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';
  readonly hint: string;
  readonly start: number;
  readonly end: number;

  constructor(message: string, details: { hint: string; start: number; end: number }) {
    super(message);
    this.hint = details.hint;
    this.start = details.start;
    this.end = details.end;
  }
}

/** Whether a text has to be parsed at all; any other text stays as it is, backslashes included. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** The reference that a text is, where it is exactly one: then the value keeps its type. */
export function onlyReference(template: Template): Reference | undefined {
  const [only, ...rest] = template;
  return rest.length === 0 && typeof only === 'object' ? only : undefined;
}

/** How an item of a list is named: `{{steps.start.addresses.0}}`. */
export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key);
}

/** Takes a template apart; throws a TemplateFault for all that is no plain reference. */
export function parseTemplate(text: string): Template {
  const offsets = lineOffsets(text);
  return program(text).body.flatMap((statement): (string | Reference)[] => {
    if (statement.type === 'CommentStatement') return [];
    if (statement.type === 'ContentStatement') return [(statement as hbs.AST.ContentStatement).value];
    const start = offsetOf(statement.loc.start, offsets);
    const span = { start, end: Math.max(offsetOf(statement.loc.end, offsets), start + 2) };
    return [{ path: pathOf(statement, text.slice(span.start, span.end), span), ...span }];
  });
}

const REFERENCES_ONLY = 'a template only refers to a value: `{{inputs.tag}}`; a literal `{{` is written `\\{{`';

function program(text: string): hbs.AST.Program {
  try {
    return parser().parse(indexesAsWords(text));
  } catch {
    // Handlebars explains itself in terms of its grammar, which tells a reader less than the rule does.
    const start = Math.max(text.lastIndexOf('{{'), 0);
    throw new TemplateFault('the template cannot be read', { hint: REFERENCES_ONLY, start, end: text.length });
  }
}

/** Handlebars reads a number at the end of a path as a literal, so its digits stand as others, one for one, while it parses. */
function indexesAsWords(text: string): string {
  return text.replaceAll(/(?<!\\)\{\{\s*[\w-]+(\.[\w-]+)*\.\d+\s*\}\}/g, (reference) =>
    reference.replace(/\d+(?=\s*\}\}$)/, (digits) => digits.replaceAll(/\d/g, (digit) => WIDE[Number(digit)] ?? digit)),
  );
}

const WIDE = '０１２３４５６７８９';

function plainIndex(part: string): string {
  return /^[０-９]+$/.test(part) ? part.replaceAll(/./g, (digit) => String(WIDE.indexOf(digit))) : part;
}

const require = createRequire(import.meta.url);

/** Loaded with the first template: many playbooks hold none. */
function parser(): typeof import('handlebars/dist/cjs/handlebars/compiler/base.js') {
  return require('handlebars/dist/cjs/handlebars/compiler/base.js');
}

const KINDS: Record<string, string> = {
  BlockStatement: 'blocks are not offered',
  DecoratorBlock: 'decorators are not offered',
  Decorator: 'decorators are not offered',
  PartialStatement: 'partials are not offered',
  PartialBlockStatement: 'partials are not offered',
};

function pathOf(statement: hbs.AST.Statement, source: string, span: { start: number; end: number }): string[] {
  const refuse = (message: string) => new TemplateFault(message, { hint: REFERENCES_ONLY, ...span });
  const kind = KINDS[statement.type];
  if (kind !== undefined) throw refuse(kind);
  const { path, params, hash, strip } = statement as hbs.AST.MustacheStatement;
  if (params.length > 0 || hash) throw refuse(`\`${source}\` has more than one word, and there are no helpers`);
  if (path.type !== 'PathExpression') throw refuse(`\`${source}\` is a value, not a reference`);
  const { parts, depth, data } = path as hbs.AST.PathExpression;
  if (parts.length === 0 || depth > 0 || data) throw refuse(`\`${source}\` is not the path of a value`);
  if (source.startsWith('{{{') || source.startsWith('{{&')) throw refuse('two braces are enough: nothing is escaped');
  if (strip.open || strip.close) throw refuse('`~` is not offered');
  return parts.map(plainIndex);
}

function lineOffsets(text: string): number[] {
  const offsets = [0];
  for (const line of text.matchAll(/\r\n?|\n/g)) offsets.push(line.index + line[0].length);
  return offsets;
}

function offsetOf(position: { line: number; column: number }, offsets: readonly number[]): number {
  return (offsets[position.line - 1] ?? 0) + position.column;
}
