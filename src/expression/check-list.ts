import type { JsonSchema } from '../runner/schema.ts';
import { celFault, checkExpression } from './check.ts';
import { type Declared, declare } from './environment.ts';
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
  const declared = declare(narrow(variables, pathsIn(ast)));
  const checked = declared.cel.parse(text).check();
  if (checked.error) return { faults: [celFault(checked.error, text)] };
  const type = checked.type ?? 'dyn';
  const item = schemaOf(ast, variables, new Map())?.items ?? itemOf(type, declared);
  if (item && isTyped(item)) return { faults: [], item };
  const at = { start: 0, end: text.length };
  if (!type.startsWith('list<') && type !== 'dyn') {
    const message = `a loop goes over a list, this is ${inWords(type)}`;
    return { faults: [{ code: 'not-a-list', message, hint: HINT, ...at }] };
  }
  const message = type === 'dyn' ? 'it is not known before the run whether this is a list' : UNKNOWN_ITEMS;
  return { faults: [{ code: 'untyped-list', message, hint: HINT, ...at }] };
}

const UNKNOWN_ITEMS = 'it is not known before the run what this list holds';
const HINT = 'take a list that an input, a fact or a step gives, or write one: `["a", "b"]`';

const PLAIN: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  int: { type: 'integer' },
  double: { type: 'number' },
  bool: { type: 'boolean' },
  'google.protobuf.Duration': { type: 'string', format: 'duration' },
};

/** The items of a list that CEL itself has made or put together, by the name of its type. */
function itemOf(type: string, declared: Pick<Declared, 'types'>): JsonSchema | undefined {
  const inner = /^list<(.*)>$/.exec(type)?.[1];
  if (inner === undefined) return undefined;
  const items = itemOf(inner, declared);
  return items ? { type: 'array', items } : (PLAIN[inner] ?? declared.types.get(inner));
}

function isTyped({ type, anyOf, oneOf, enum: values }: JsonSchema): boolean {
  return type !== undefined || anyOf !== undefined || oneOf !== undefined || values !== undefined;
}
