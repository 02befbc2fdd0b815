import type { JsonSchema } from '../runner/schema.ts';
import { ERROR_SCHEMA, type ScopeTypes } from './scope.ts';
import { accessed, type Bound, keyOf, type Node } from './syntax.ts';

/** The schema of each variable that an expression may name. */
export type Variables = Readonly<Record<string, JsonSchema>>;

export function variablesOf(types: ScopeTypes): Variables {
  return {
    inputs: types.inputs,
    steps: { type: 'object', additionalProperties: false, properties: { ...types.steps } },
    ...types.facts,
    ...types.locals,
    ...(types.result && { result: types.result }),
    ...(types.sample && { sample: types.sample }),
    ...(types.run && { run: types.run }),
    ...(types.error && { error: types.error }),
  };
}

/** Only what the paths ask for, so that a long playbook does not declare every step for every condition. */
export function narrow(variables: Variables, paths: readonly (readonly string[])[]): Variables {
  const roots = new Set(paths.map(([root]) => root));
  const narrowed: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(variables)) {
    if (roots.has(name)) narrowed[name] = name === 'steps' ? onlyAsked(schema, paths) : schema;
  }
  return narrowed;
}

function onlyAsked(steps: JsonSchema, paths: readonly (readonly string[])[]): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [root, id] of paths) {
    const outputs = root === 'steps' && id !== undefined ? own(steps.properties ?? {}, id) : undefined;
    if (id !== undefined && outputs) properties[id] = outputs;
  }
  return { ...steps, properties };
}

/** For scopes that hold an `error`. */
export function withError(types: ScopeTypes): ScopeTypes {
  return { ...types, error: ERROR_SCHEMA };
}

/** What is known of one key: its schema, `open` where anything may be there, `missing` where it cannot be. */
export function memberOf(schema: JsonSchema, key: string): JsonSchema | 'open' | 'missing' {
  if (schema.type !== 'object') return 'open';
  const own = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
  if (own) return own;
  const others = schema.additionalProperties;
  if (typeof others === 'object') return others;
  if (others === true || (others === undefined && !schema.properties)) return 'open';
  return 'missing';
}

/** The schema of what a node gives, as far as it can be told from names alone. */
export function schemaOf(node: Node, variables: Variables, bound: Bound): JsonSchema | undefined {
  if (node.op === 'id') {
    const over = bound.get(node.args);
    return over ? elementOf(schemaOf(over, variables, bound)) : own(variables, node.args);
  }
  if (node.op === 'rcall') {
    const [name, receiver] = node.args;
    return name === 'filter' || name === 'orValue' || name === 'value'
      ? schemaOf(receiver, variables, bound)
      : undefined;
  }
  const inner = accessed(node);
  const schema = inner && schemaOf(inner, variables, bound);
  if (!schema) return undefined;
  const key = keyOf(node);
  if (key === undefined) return schema.items ?? additional(schema);
  const member = memberOf(schema, key);
  return typeof member === 'object' ? member : undefined;
}

/** What a loop's variable holds: the items of a list, the keys of a map. */
function elementOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  if (schema?.type === 'array') return schema.items;
  return schema?.type === 'object' ? { type: 'string' } : undefined;
}

function additional(schema: JsonSchema): JsonSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function own(variables: Variables, name: string): JsonSchema | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
