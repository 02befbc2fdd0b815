import type { Json } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { type Declared, declare } from './environment.ts';
import { fromCel } from './from-cel.ts';
import { pathsIn } from './paths.ts';
import { reasonOf } from './reason.ts';
import { refusedParts } from './refused.ts';
import { narrow, variablesOf } from './schemas.ts';
import type { Scope } from './scope.ts';
import { parseSyntax } from './syntax.ts';
import { type Kit, toCel, wantedBy } from './to-cel.ts';

export { CouldNotEvaluate } from './could-not-evaluate.ts';
export { referencedPaths } from './paths.ts';

/** What a condition came to, and the values that it asked for. */
export type Evaluated = { value: boolean; operands: Record<string, Json> };

/** Evaluates a condition; throws CouldNotEvaluate where it has no value, so that an error is never taken for false. */
export function evaluateCondition(expression: string, scope: Scope): Evaluated {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    throw reasonOf(error, expression);
  }
}

/** Evaluates the list that a loop goes over. What the expression takes from the scope comes back as it is there. */
export function evaluateList(expression: string, scope: Scope): Json[] {
  try {
    const { value, paths, values } = computed(expression, scope);
    const [path] = paths;
    // A plain name: its items need no way there and back.
    if (path !== undefined && path.join('.') === expression.trim()) {
      const named = valueAt(values, path);
      if (Array.isArray(named)) return named;
    }
    if (!Array.isArray(value)) throw new CouldNotEvaluate('what it goes over is no list');
    return value.map((item) => fromCel(item));
  } catch (error) {
    throw reasonOf(error, expression);
  }
}

function evaluate(expression: string, scope: Scope): Evaluated {
  const { value, paths, values } = computed(expression, scope);
  if (typeof value !== 'boolean')
    throw new CouldNotEvaluate('the condition came to a value that is neither true nor false');
  return { value, operands: operandsOf(paths, values) };
}

type Computed = { value: unknown; paths: string[][]; values: Record<string, Json | undefined> };

function computed(expression: string, scope: Scope): Computed {
  const ast = parseSyntax(expression);
  const [refused] = refusedParts(ast);
  if (refused) throw new CouldNotEvaluate(refused.message);
  const paths = pathsIn(ast);
  const schemas = narrow(variablesOf(scope.types), paths);
  const declared = declare(schemas);
  const values = valuesOf(scope);
  const wanted = wantedBy(paths);
  const context: Record<string, unknown> = Object.create(null);
  for (const [root, below] of wanted) {
    if (schemas[root] === undefined || values[root] === undefined) throw absent([root]);
    context[root] = toCel(values[root], schemas[root], below, kitOf(declared));
  }
  const program = declared.cel.parse(expression);
  const checked = program.check();
  if (checked.error) throw reasonOf(checked.error, expression);
  return { value: program(context), paths, values };
}

function absent(path: readonly string[]): CouldNotEvaluate {
  return new CouldNotEvaluate(`\`${path.join('.')}\` is not known here`, { missing: path });
}

function kitOf(declared: Declared): Kit {
  return { makers: declared.makers, duration: (text) => declared.cel.evaluate(`duration("${text}")`) };
}

/** All variables by name; null prototypes, so that no name of JavaScript's own is found. */
function valuesOf(scope: Scope): Record<string, Json | undefined> {
  const { inputs, steps, facts, locals, result, error, sample } = scope;
  return Object.assign(Object.create(null), facts, locals, { inputs, steps, result, error, sample });
}

/** Longest list that is shown in full as an operand. */
const SHORT = 10;

function operandsOf(paths: readonly string[][], values: Record<string, Json | undefined>): Record<string, Json> {
  const operands: Record<string, Json> = {};
  for (const path of paths) {
    const value = shown(valueAt(values, path));
    if (value !== undefined) operands[path.join('.')] = value;
  }
  return operands;
}

function valueAt(values: Record<string, Json | undefined>, path: readonly string[]): Json | undefined {
  let at: Json | undefined = values;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

function shown(value: Json | undefined): Json | undefined {
  if (typeof value === 'string' && value.length > 200) return `${value.slice(0, 200)}…`;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return `${Object.keys(value).length} entries`;
  const plain = value.length <= SHORT && value.every((item) => typeof item !== 'object' || item === null);
  return plain ? value : `${value.length} items`;
}
