import { Environment } from '@marcbachmann/cel-js';
import type { JsonSchema } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import { regexFault, regexFinds } from './regular-expression.ts';
import type { Variables } from './schemas.ts';
import { CEL_OPTIONS } from './syntax.ts';

/** Makes an instance of the CEL type that stands for an object schema. */
export type Make = (fields: Record<string, unknown>) => object;

/** CEL with our variables declared; `makers` turn plain objects into the declared types, `types` are their schemas by name. */
export type Declared = {
  cel: Environment;
  makers: ReadonlyMap<JsonSchema, Make>;
  types: ReadonlyMap<string, JsonSchema>;
};

/** Declares each variable by its schema, so that CEL can check an expression before it runs. */
export function declare(variables: Variables): Declared {
  const cel = new Environment(CEL_OPTIONS);
  const makers = new Map<JsonSchema, Make>();
  const names = new Map<JsonSchema, string>();
  const types = new Map<string, JsonSchema>();
  const register: Register = (name, schema, fieldsOf) => {
    const known = names.get(schema);
    if (known !== undefined) return known;
    names.set(schema, name);
    types.set(name, schema);
    const fields = fieldsOf();
    const Fields = class {
      constructor(values: Record<string, unknown>) {
        Object.assign(this, values);
      }
    };
    cel.registerType(name, { ctor: Fields, fields });
    makers.set(schema, (values) => new Fields(values));
    return name;
  };
  cel.registerFunction('regex(string, string): bool', finds);
  for (const [name, schema] of Object.entries(variables)) cel.registerVariable(name, celType(schema, name, register));
  return { cel, makers, types };
}

/** Gives the type's name; a schema that stands in two places is one type. */
type Register = (name: string, schema: JsonSchema, fieldsOf: () => Record<string, string>) => string;

/** The CEL type of a schema; what the schema leaves open is `dyn`. */
function celType(schema: JsonSchema, name: string, register: Register): string {
  if (schema.format === 'duration') return 'google.protobuf.Duration';
  if (schema.format === 'size') return 'int';
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'array':
      return `list<${schema.items ? celType(schema.items, `${name}.item`, register) : 'dyn'}>`;
    case 'object':
      return objectType(schema, name, register);
    default:
      return alternatives(schema, name, register);
  }
}

function objectType(schema: JsonSchema, name: string, register: Register): string {
  if (!schema.properties) {
    const others = schema.additionalProperties;
    return `map<string, ${typeof others === 'object' ? celType(others, `${name}.value`, register) : 'dyn'}>`;
  }
  const entries = Object.entries(schema.properties);
  return register(name.length > 1 ? name : `${name}_`, schema, () =>
    Object.fromEntries(entries.map(([key, field]) => [key, celType(field, typeName(name, key), register)])),
  );
}

/** Type names must be words for CEL; two keys that differ in other signs only still need two names. */
function typeName(parent: string, key: string): string {
  return `${parent}.${key.replaceAll(/\W/g, (sign) => `_${sign.charCodeAt(0)}_`)}`;
}

function alternatives(schema: JsonSchema, name: string, register: Register): string {
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  if (options.length === 0 || options.some((option) => option.type === 'object' || option.type === 'array'))
    return 'dyn';
  const types = new Set(options.map((option) => celType(option, name, register)));
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : 'dyn';
}

/** A pattern may come from data, so it may be broken. */
function finds(text: string, pattern: string): boolean {
  const why = regexFault(pattern);
  if (why !== undefined) throw new CouldNotEvaluate('the pattern given to `regex` cannot be read');
  return regexFinds(text, pattern);
}
