import type { Problem } from '../errors.ts';
import type { Scope } from '../expression/scope.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { isIndex, type Reference, TemplateFault } from '../template/parse.ts';
import { NotAText, renderText } from '../template/render.ts';
import { isSecretRef } from './kinds.ts';
import { type Path, writtenPath } from './path.ts';
import type { ProblemCode } from './problem-codes.ts';
import { schemaAt } from './schema-at.ts';

export type Rendering = {
  /** Tells which fields must not get data from outside. */
  schema: JsonSchema | undefined;
  scope: Pick<Scope, 'inputs' | 'facts' | 'steps' | 'tainted' | 'locals' | 'run'>;
  path: Path;
  problems: Problem[];
};

/** Renders every text of a value, keys apart; what cannot be rendered is a problem and stays as written. */
export function renderValue(value: Json, rendering: Rendering): Json {
  if (typeof value === 'string') return renderOne(value, rendering);
  if (Array.isArray(value)) return value.map((item, index) => renderValue(item, below(rendering, index)));
  if (typeof value !== 'object' || value === null || isSecretRef(value)) return value;
  const rendered: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) rendered[key] = renderValue(item, below(rendering, key));
  return rendered;
}

function below(rendering: Rendering, key: string | number): Rendering {
  const { schema, path } = rendering;
  const inner = schema && schemaAt(schema, [key]);
  const guarded = schema?.['x-untainted'] ? { ...inner, 'x-untainted': true as const } : inner;
  return { ...rendering, schema: guarded, path: [...path, key] };
}

function renderOne(text: string, rendering: Rendering): Json {
  if (rendering.schema?.['x-template'] === false) return text;
  try {
    return fitted(
      renderText(text, (reference) => read(reference, rendering)),
      rendering.schema,
    );
  } catch (error) {
    rendering.problems.push(problemOf(error, writtenPath(rendering.path)));
    return text;
  }
}

/** A field that takes nothing but text gets a number or a switch as text: `argv: ['{{inputs.replicas}}']`. */
function fitted(value: Json, schema: JsonSchema | undefined): Json {
  return schema?.type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

/** A reference that cannot be followed. */
class Unreadable extends Error {
  readonly code: ProblemCode;
  readonly hint: string;

  constructor(code: ProblemCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

function read({ path }: Reference, { schema, scope }: Rendering): Json {
  const written = path.join('.');
  const [root = '', name = ''] = path;
  if (root === 'inputs' && schema?.['x-untainted'] && scope.tainted?.includes(name))
    throw new Unreadable(
      'tainted-value',
      `\`${written}\` comes from outside, and nothing has accepted it`,
      'give the input a `pattern`, or make it an `enum`',
    );
  const value = follow(path, {
    ...scope.facts,
    ...scope.locals,
    inputs: scope.inputs,
    steps: scope.steps,
    ...(scope.run !== undefined && { run: scope.run }),
  });
  if (value !== undefined) return value;
  throw new Unreadable('missing-value', `\`${written}\` has no value`, hintFor(root, name));
}

function hintFor(root: string, name: string): string {
  if (root === 'inputs') return `give it: -i ${name}=…`;
  return root === 'steps'
    ? `step \`${name}\` was skipped, or does not give this`
    : 'ask for it with `has(…)` in `when`';
}

function follow(path: readonly string[], values: Record<string, unknown>): Json | undefined {
  let at: unknown = values;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    if (Array.isArray(at) && !isIndex(key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at as Json | undefined;
}

function problemOf(error: unknown, at: string): Problem {
  if (error instanceof Unreadable)
    return { code: error.code, message: `\`${at}\`: ${error.message}`, hint: error.hint };
  if (error instanceof NotAText)
    return { code: 'not-a-text', message: `\`${at}\`: ${error.message}`, hint: 'let the template be the whole value' };
  if (error instanceof TemplateFault)
    return { code: 'bad-template', message: `\`${at}\`: ${error.message}`, hint: error.hint };
  throw error;
}
