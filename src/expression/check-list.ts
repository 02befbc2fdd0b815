import type { JsonSchema } from '../runner/schema.ts';
import { checkExpression } from './check.ts';
import { declare } from './environment.ts';
import type { ExpressionFault, Surroundings } from './fault.ts';
import { pathsIn } from './paths.ts';
import { narrow, schemaOf, variablesOf } from './schemas.ts';
import type { ScopeTypes } from './scope.ts';
import { parseSyntax } from './syntax.ts';
import { inWords } from './words.ts';

export type CheckedList = { faults: ExpressionFault[]; item?: JsonSchema };

/** Checks that an expression is a list whose items have a known type, and says which. */
export function checkList(text: string, types: ScopeTypes, around: Surroundings): CheckedList {
  const faults = checkExpression(text, types, around);
  if (faults.length > 0) return { faults };
  const ast = parseSyntax(text);
  const variables = variablesOf(types);
  const type = declare(narrow(variables, pathsIn(ast))).cel.parse(text).check().type ?? 'dyn';
  const item = schemaOf(ast, variables, new Map())?.items ?? plainItem(type);
  if (item) return { faults: [], item };
  const message = type.startsWith('list')
    ? 'it is not known before the run what this list holds'
    : `a loop goes over a list, this is ${inWords(type)}`;
  const hint = 'take a list that an input, a fact or a step gives, or write one: `["a", "b"]`';
  return { faults: [{ code: 'not-a-list', message, hint, start: 0, end: text.length }] };
}

const ITEMS: Record<string, JsonSchema> = {
  'list<string>': { type: 'string' },
  'list<int>': { type: 'integer' },
  'list<double>': { type: 'number' },
  'list<bool>': { type: 'boolean' },
};

function plainItem(type: string): JsonSchema | undefined {
  return ITEMS[type];
}
