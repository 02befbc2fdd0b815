import type { Json } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { type Declared, declare } from './environment.ts';
import { pathsIn } from './paths.ts';
import { reasonOf } from './reason.ts';
import { refusedParts } from './refused.ts';
import { narrow, variablesOf } from './schemas.ts';
import type { Scope } from './scope.ts';
import { parseSyntax } from './syntax.ts';
import { type Kit, type Origins, toCel, wantedBy } from './to-cel.ts';

/** What CEL made of an expression, what it asked for, and which of the scope's values the parts of it stand for. */
export type Computed = {
  value: unknown;
  paths: readonly string[][];
  values: Record<string, Json | undefined>;
  origins: Origins;
};

/** Evaluates any expression; throws CouldNotEvaluate, whose words hold no values. */
export function compute(expression: string, scope: Scope): Computed {
  try {
    return computed(expression, scope);
  } catch (error) {
    throw reasonOf(error, expression);
  }
}

function computed(expression: string, scope: Scope): Computed {
  const ast = parseSyntax(expression);
  const [refused] = refusedParts(ast);
  if (refused) throw new CouldNotEvaluate(refused.message);
  const paths = pathsIn(ast);
  const schemas = narrow(variablesOf(scope.types), paths);
  const declared = declare(schemas);
  const values = valuesOf(scope);
  const wanted = wantedBy(paths);
  const origins: Origins = new WeakMap();
  const context: Record<string, unknown> = Object.create(null);
  for (const [root, below] of wanted) {
    if (schemas[root] === undefined || values[root] === undefined) throw absent([root]);
    context[root] = toCel(values[root], schemas[root], below, kitOf(declared, origins));
  }
  const program = declared.cel.parse(expression);
  const checked = program.check();
  if (checked.error) throw reasonOf(checked.error, expression);
  return { value: program(context), paths, values, origins };
}

function absent(path: readonly string[]): CouldNotEvaluate {
  return new CouldNotEvaluate(`\`${path.join('.')}\` is not known here`, { missing: path });
}

function kitOf(declared: Declared, origins: Origins): Kit {
  return {
    makers: declared.makers,
    origins,
    duration: (text) => declared.cel.evaluate(`duration("${text}")`) as object,
  };
}

/** All variables by name; null prototypes, so that no name of JavaScript's own is found. */
function valuesOf(scope: Scope): Record<string, Json | undefined> {
  const { inputs, steps, facts, locals, result, error, sample, run } = scope;
  return Object.assign(Object.create(null), facts, locals, { inputs, steps, result, error, sample, run });
}
