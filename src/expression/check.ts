import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { nearest, suggestion } from '../playbook/nearest.ts';
import type { ProblemCode } from '../playbook/problem-codes.ts';
import { declare } from './environment.ts';
import type { ExpressionFault, Surroundings } from './fault.ts';
import { nameFaults } from './names.ts';
import { pathsIn } from './paths.ts';
import { refusedParts } from './refused.ts';
import { regexFault } from './regular-expression.ts';
import { narrow, schemaOf, type Variables, variablesOf } from './schemas.ts';
import type { ScopeTypes } from './scope.ts';
import { MAX_EXPRESSION, type Node, parseSyntax, walk } from './syntax.ts';
import { inWords } from './words.ts';

/** Checks that an expression is a condition: that it can be read, names only what there is, and is true or false. */
export function checkCondition(text: string, types: ScopeTypes, around: Surroundings): ExpressionFault[] {
  const faults = checkExpression(text, types, around);
  if (faults.length > 0) return faults;
  const ast = parseSyntax(text);
  const variables = variablesOf(types);
  return [...typeFaults(text, narrow(variables, pathsIn(ast))), ...literalFaults(ast, variables)];
}

/** Checks that an expression can be read and names only what there is, whatever it comes to. */
export function checkExpression(text: string, types: ScopeTypes, around: Surroundings): ExpressionFault[] {
  if (text.length > MAX_EXPRESSION)
    return [fault('bad-expression', `an expression has at most ${MAX_EXPRESSION} characters`, text)];
  const braces = text.indexOf('{{');
  if (braces >= 0) return [noTemplate(braces, text)];
  const ast = parsed(text);
  if ('code' in ast) return [ast];
  const refused = refusedParts(ast).map((part): ExpressionFault => ({ code: 'refused-expression', ...spot(part) }));
  if (refused.length > 0) return refused;
  return nameFaults(ast, variablesOf(types), around);
}

function parsed(text: string): Node | ExpressionFault {
  if (text.trim() === '') return fault('bad-expression', 'the expression is empty', text);
  try {
    return parseSyntax(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const range = error.range ?? { start: 0, end: text.length };
    return {
      code: 'bad-expression',
      ...syntaxWords(error),
      start: range.start,
      end: Math.max(range.end, range.start + 1),
    };
  }
}

function syntaxWords(error: ParseError): { message: string; hint?: string } {
  const summary = error.summary.replace('Unexpected token: EOF', 'the expression ends too early');
  if (/Unexpected character: =|token: ASSIGN/.test(summary))
    return { message: 'a single `=` compares nothing', hint: 'write `==`' };
  return { message: `cannot read the expression: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}` };
}

function noTemplate(start: number, text: string): ExpressionFault {
  const end = text.indexOf('}}', start) + 2;
  const span = { start, end: end > start ? end : text.length };
  return {
    code: 'template-not-allowed',
    message: 'an expression takes no `{{ }}`',
    hint: 'write the name alone: `inputs.x`',
    ...span,
  };
}

/** Asks CEL for the type, then for parts that CEL lets pass although only the run would show what they are. */
function typeFaults(text: string, variables: Variables): ExpressionFault[] {
  const program = declare(variables).cel.parse(text);
  const checked = program.check();
  if (checked.error) return [celFault(checked.error, text)];
  if (checked.type === 'dyn') return [untyped(program.ast)];
  if (checked.type !== 'bool') {
    const message = `a condition must be true or false, this is ${inWords(checked.type ?? 'dyn')}`;
    return [{ code: 'not-boolean', message, hint: booleanHint(checked.type), start: 0, end: text.length }];
  }
  return untypedOperands(program.ast);
}

function booleanHint(type: string | undefined): string {
  if (type === 'string') return 'compare it: `… == "text"`';
  return type === 'int' || type === 'double' ? 'compare it: `… > 0`' : 'compare it, or ask `size(…) > 0` or `has(…)`';
}

/** A fault that CEL found, in the words of a playbook. */
export function celFault(error: Error, text: string): ExpressionFault {
  const known = error instanceof CelTypeError || error instanceof EvaluationError || error instanceof ParseError;
  const range = (known && error.range) || { start: 0, end: text.length };
  const summary = known ? error.summary : error.message;
  return { code: 'expression-type', ...typeWords(summary), start: range.start, end: range.end };
}

/** CEL's own sentence in the words of a playbook. */
function typeWords(summary: string): { message: string; hint?: string } {
  const operator = /^no such overload: (.+?) (==|!=|<=?|>=?|[-+*/%]|in) (.+)$/.exec(summary);
  if (operator) {
    const [, left = '', sign = '', right = ''] = operator;
    const numbers = [left, right].sort().join() === 'double,int';
    const hint = numbers ? 'convert one of them: `double(…)` or `int(…)`' : undefined;
    return { message: `\`${sign}\` does not go with ${inWords(left)} and ${inWords(right)}`, ...(hint && { hint }) };
  }
  const call = /^found no matching overload for '(?:.*\.)?(\w+)\((.*)\)'$/.exec(summary);
  if (call)
    return {
      message: `there is no \`${call[1]}\` for ${call[2] ? call[2].split(', ').map(inWords).join(' and ') : 'nothing'}`,
    };
  if (summary.startsWith('List index must be int'))
    return {
      message: 'this is a list, which has items but no fields',
      hint: 'take one item: `list[0]`, or ask `list.all(x, …)`',
    };
  return { message: summary.charAt(0).toLowerCase() + summary.slice(1) };
}

/** CEL keeps the type it found on each node; `dyn` is what it could not tell. */
function isUntyped(node: Node): boolean {
  const { checkedType } = node as { checkedType?: { kind?: string } };
  return checkedType?.kind === 'dyn';
}

function untyped(node: Node): ExpressionFault {
  return {
    code: 'untyped-condition',
    message: 'it is not known before the run whether this is true or false',
    hint: 'compare it with a value of the type you expect: `… == true`, `… == "ok"`',
    start: node.start,
    end: node.end,
  };
}

function untypedOperands(ast: Node): ExpressionFault[] {
  const found: ExpressionFault[] = [];
  walk(ast, (node) => {
    const operands = node.op === '&&' || node.op === '||' ? node.args : node.op === '!_' ? [node.args] : [];
    for (const operand of operands) if (isUntyped(operand)) found.push(untyped(operand));
  });
  return found;
}

/** A comparison with a word that the value can never be, and patterns that cannot be read. */
function literalFaults(ast: Node, variables: Variables): ExpressionFault[] {
  const found: ExpressionFault[] = [];
  walk(ast, (node, bound) => {
    if (node.op === 'call' && node.args[0] === 'regex') found.push(...patternFault(node.args[1][1]));
    if (node.op !== '==' && node.op !== '!=') return;
    const [left, right] = node.args;
    const allowed = schemaOf(left, variables, bound)?.enum ?? schemaOf(right, variables, bound)?.enum;
    const literal = [left, right].find((side) => side.op === 'value' && typeof side.args === 'string');
    if (allowed && literal && !allowed.includes(literal.args as string))
      found.push(neverEqual(literal, allowed.map(String)));
  });
  return found;
}

function patternFault(pattern: Node | undefined): ExpressionFault[] {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') return [];
  const why = regexFault(pattern.args);
  if (why === undefined) return [];
  return [
    { code: 'bad-pattern', message: `the pattern cannot be read: ${why}`, start: pattern.start, end: pattern.end },
  ];
}

function neverEqual(literal: Node, allowed: readonly string[]): ExpressionFault {
  const word = typeof literal.args === 'string' ? literal.args : '';
  const hint = suggestion(word, allowed, 'it is one of');
  const message = nearest(word, allowed) ? `it is never "${word}"` : `it can never be "${word}"`;
  return { code: 'never-equal', message, ...(hint && { hint }), start: literal.start, end: literal.end };
}

function fault(code: ProblemCode, message: string, text: string): ExpressionFault {
  return { code, message, start: 0, end: text.length };
}

function spot(part: { node: Node; message: string; hint: string }): Omit<ExpressionFault, 'code'> {
  return { message: part.message, hint: part.hint, start: part.node.start, end: part.node.end };
}
