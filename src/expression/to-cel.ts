import { parseDuration } from '../playbook/duration.ts';
import { parseSize } from '../playbook/size.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { CouldNotEvaluate } from './could-not-evaluate.ts';
import type { Make } from './environment.ts';

/** Longest text and list an expression may look at: evaluation stays bounded. */
export const MAX_TEXT = 64 * 1024;
export const MAX_ITEMS = 2_000;

/** Which parts of a value are asked for; an empty one means all of it. */
export type Wanted = Map<string, Wanted>;

/** The tree of what a list of paths asks for. */
export function wantedBy(paths: readonly (readonly string[])[]): Wanted {
  const wanted: Wanted = new Map();
  for (const path of paths) add(wanted, path);
  // A path that ends early wants all below it, so it cuts the longer ones.
  for (const path of paths) cut(wanted, path);
  return wanted;
}

function add(wanted: Wanted, path: readonly string[]): void {
  let at = wanted;
  for (const key of path) {
    const next = at.get(key) ?? new Map();
    at.set(key, next);
    at = next;
  }
}

function cut(wanted: Wanted, path: readonly string[]): void {
  let at: Wanted | undefined = wanted;
  for (const key of path) at = at?.get(key);
  at?.clear();
}

/**
 * Converts JSON to what CEL computes with, by schema type: integers are BigInt, numbers double, durations CEL durations,
 * sizes bytes. `null` and what nothing asks for are left out. Objects have no prototype of ours.
 */
export function toCel(value: Json | undefined, schema: JsonSchema | undefined, wanted: Wanted, kit: Kit): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return text(value, schema, kit);
  if (typeof value === 'number') return number(value, schema, kit);
  if (typeof value === 'boolean') return value;
  return noting(
    Array.isArray(value) ? list(value, schema?.items, kit) : object(value, schema, wanted, kit),
    value,
    kit,
  );
}

function noting<T extends object>(made: T, value: Json, { origins }: Kit): T {
  origins.set(made, value);
  return made;
}

/** Which value of the scope an object of CEL stands for. */
export type Origins = WeakMap<object, Json>;

export type Kit = { makers: ReadonlyMap<JsonSchema, Make>; origins: Origins; duration(text: string): object };

const ALL: Wanted = new Map();

function text(value: string, schema: JsonSchema | undefined, kit: Kit): unknown {
  if (value.length > MAX_TEXT)
    throw new CouldNotEvaluate(`a text of ${value.length} characters is too long to look at`);
  if (schema?.format === 'duration') return noting(duration(parseDuration(value), kit), value, kit);
  if (schema?.format === 'size') return bytes(value);
  return value;
}

function number(value: number, schema: JsonSchema | undefined, kit: Kit): unknown {
  if (schema?.format === 'duration') return noting(duration(value, kit), value, kit);
  if (schema?.type !== 'integer' && schema?.format !== 'size') return value;
  if (!Number.isSafeInteger(value)) throw new CouldNotEvaluate('a value that should be a whole number is none');
  return BigInt(value);
}

function duration(ms: number | undefined, kit: Kit): object {
  if (ms === undefined) throw new CouldNotEvaluate('a value that should be a duration is none');
  return kit.duration(`${ms}ms`);
}

function bytes(value: string): bigint {
  const size = parseSize(value);
  if (size === undefined) throw new CouldNotEvaluate('a value that should be a size is none');
  return BigInt(size);
}

function list(values: readonly Json[], items: JsonSchema | undefined, kit: Kit): unknown[] {
  if (values.length > MAX_ITEMS) throw new CouldNotEvaluate(`a list of ${values.length} items is too long to look at`);
  return values.map((item) => toCel(item, items, ALL, kit)).filter((item) => item !== undefined);
}

/** Declared objects become their CEL type, others a Map: no key of the data can pass for something of JavaScript's. */
function object(
  value: { [key: string]: Json | undefined },
  schema: JsonSchema | undefined,
  wanted: Wanted,
  kit: Kit,
): object {
  const declared = schema?.properties;
  const names = declared ? Object.keys(declared) : Object.keys(value);
  const keys = names.filter((key) => Object.hasOwn(value, key) && (wanted.size === 0 || wanted.has(key)));
  if (keys.length > MAX_ITEMS) throw new CouldNotEvaluate(`a map of ${keys.length} entries is too long to look at`);
  const fields = new Map<string, unknown>();
  for (const key of keys) {
    const converted = toCel(value[key], memberSchema(schema, key), wanted.get(key) ?? ALL, kit);
    if (converted !== undefined) fields.set(key, converted);
  }
  const make = schema && kit.makers.get(schema);
  return make ? make(Object.fromEntries(fields)) : fields;
}

function memberSchema(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const properties = schema?.properties ?? {};
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
