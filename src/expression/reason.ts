import { TypeError as CelTypeError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { keyOf } from './syntax.ts';

/** Turns whatever evaluation threw into a CouldNotEvaluate that names the part, and never a value. */
export function reasonOf(error: unknown, expression: string): CouldNotEvaluate {
  if (error instanceof CouldNotEvaluate) return error;
  if (error instanceof ParseError) return new CouldNotEvaluate('the expression cannot be read');
  if (!(error instanceof EvaluationError || error instanceof CelTypeError))
    return new CouldNotEvaluate('the expression could not be computed');
  const { start, end } = error.node ?? error.range ?? { start: 0, end: expression.length };
  const part = expression.slice(start, end);
  return new CouldNotEvaluate(sentence(error.code, part), missing(error));
}

/** CEL's own sentences may hold values, so they are not passed on. */
function sentence(code: string, part: string): string {
  switch (code) {
    case 'no_such_key':
      return `\`${part}\` has no value`;
    case 'unknown_variable':
      return `\`${part}\` is not known here`;
    case 'index_out_of_bounds':
      return `\`${part}\` asks for an item that the list does not have`;
    case 'division_by_zero':
    case 'modulo_by_zero':
      return `\`${part}\` divides by zero`;
    case 'field_type_mismatch':
    case 'list_item_type_mismatch':
    case 'variable_type_mismatch':
      return `a value in \`${part}\` is of another type than declared`;
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `\`${part}\` is neither true nor false`;
    case 'no_such_overload':
    case 'no_matching_overload':
      return `the types in \`${part}\` do not go together`;
    default:
      return `\`${part}\` failed: ${code.replaceAll('_', ' ')}`;
  }
}

function missing(error: EvaluationError | CelTypeError): { missing?: readonly string[] } {
  if (error.code !== 'no_such_key' || !error.node || !('input' in error.node)) return {};
  const path: string[] = [];
  let node = error.node as Parameters<typeof keyOf>[0] | undefined;
  while (node && node.op !== 'id') {
    const key = keyOf(node);
    if (key === undefined) return {};
    path.unshift(key);
    node = node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]' ? node.args[0] : undefined;
  }
  return node ? { missing: [node.args, ...path] } : {};
}
