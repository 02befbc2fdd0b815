import type { JsonSchema } from '../runner/schema.ts';
import { listed, nearest, suggestion } from './nearest.ts';
import { type Path, subject } from './path.ts';
import type { ShapeFault, ShapeOptions } from './shape-fault.ts';

type Around = {
  options: ShapeOptions;
  path: Path;
  checkShape(schema: JsonSchema, value: unknown, options: ShapeOptions, path: Path): ShapeFault[];
};

type Values = Record<string, unknown>;

export function checkMap(schema: JsonSchema, value: Values, around: Around): ShapeFault[] {
  const keys = Object.keys(value);
  const inside = keys.flatMap((key) => {
    const member = memberSchema(schema, key) ?? openMember(schema, around.options);
    return member ? around.checkShape(member, value[key], around.options, [...around.path, key]) : [];
  });
  return [
    ...keyFaults(schema, keys, around),
    ...choiceFaults(schema, keys, around.path),
    ...countFaults(schema, keys, around.path),
    ...inside,
  ];
}

function memberSchema(schema: JsonSchema, key: string): JsonSchema | undefined {
  if (isProperty(schema, key)) return schema.properties?.[key];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function openMember(schema: JsonSchema, options: ShapeOptions): JsonSchema | undefined {
  return options.templates && schema.additionalProperties !== false ? {} : undefined;
}

function isProperty(schema: JsonSchema, key: string): boolean {
  return Object.hasOwn(schema.properties ?? {}, key);
}

/** Unknown and missing keys; a missing one that is only misspelt is one fault, not two. */
function keyFaults(schema: JsonSchema, keys: readonly string[], { options, path }: Around): ShapeFault[] {
  const unknown = schema.additionalProperties === false ? keys.filter((key) => !isProperty(schema, key)) : [];
  const notYet = unknown.filter((key) => options.notYet?.([...path, key]) !== undefined);
  const missing = requiredOf(schema, keys).filter((key) => !keys.includes(key));
  const free = Object.keys(schema.properties ?? {}).filter((key) => !keys.includes(key));
  const siblings = keys.filter((key) => isProperty(schema, key));
  const meant = new Set<string>();
  const faults = unknown.map((key): ShapeFault => {
    const later = options.notYet?.([...path, key]);
    if (later !== undefined)
      return { code: 'not-yet', path: [...path, key], at: 'key', message: later, hint: 'remove it for now' };
    const near = nearest(key, missing) ?? nearest(key, free);
    if (near !== undefined) meant.add(near);
    return unknownKey(key, { near, required: near !== undefined && missing.includes(near), free, siblings, path });
  });
  const absent = missing.filter((key) => !meant.has(key) && !(key === 'uses' && notYet.length > 0));
  return [...faults, ...absent.map((key) => missingKey(schema, key, path)), ...nameFaults(schema, keys, path)];
}

function requiredOf(schema: JsonSchema, keys: readonly string[]): readonly string[] {
  const dependent = keys.flatMap((key) => schema.dependentRequired?.[key] ?? []);
  return [...new Set([...(schema.required ?? []), ...dependent])];
}

type Meant = {
  near: string | undefined;
  required: boolean;
  free: readonly string[];
  siblings: readonly string[];
  path: Path;
};

function unknownKey(key: string, { near, required, free, siblings, path }: Meant): ShapeFault {
  const where = path.length === 0 ? 'in a playbook' : `in ${subject(path)}`;
  const base = { code: 'unknown-key', path: [...path, key], at: 'key' } as const;
  const message = `there is no key \`${key}\` ${where}`;
  if (key === '<<')
    return { ...base, message: '`<<` is a plain key here, for merge keys are not used', hint: 'write the keys out' };
  if (near !== undefined)
    return { ...base, message, hint: `did you mean \`${near}\`${required ? ', which is required' : ''}?` };
  const used = nearest(key, siblings);
  const hint = used === undefined ? suggestion(key, free) : `did you mean \`${used}\`, which is there already?`;
  return { ...base, message, ...(hint && { hint }) };
}

function missingKey(schema: JsonSchema, key: string, path: Path): ShapeFault {
  const about = schema.properties?.[key]?.description;
  const message = `${subject(path)} needs \`${key}\``;
  return {
    code: 'missing-key',
    path,
    at: 'value',
    message,
    ...(about !== undefined && { hint: firstSentence(about) }),
  };
}

/** `oneOf: [{ required: [argv] }, { required: [script] }]`: a choice between keys. */
function choiceFaults(schema: JsonSchema, keys: readonly string[], path: Path): ShapeFault[] {
  const choices = (schema.oneOf ?? schema.anyOf ?? []).map(({ required = [] }) => required);
  if (choices.length === 0) return [];
  const names = choices.map((required) => required.map((key) => `\`${key}\``).join(' with '));
  const taken = choices.filter((required) => required.every((key) => keys.includes(key)));
  if (taken.length === 0) {
    const wrong = keys.filter((key) => !isProperty(schema, key));
    if (wrong.some((key) => nearest(key, choices.flat()) !== undefined)) return [];
    return [{ code: 'missing-key', path, at: 'value', message: `${subject(path)} needs ${names.join(' or ')}` }];
  }
  const [, second] = taken;
  if (!schema.oneOf || !second) return [];
  const key = second.at(-1) ?? '';
  return [
    {
      code: 'bad-value',
      path: [...path, key],
      at: 'key',
      message: `${subject(path)} takes only one of ${names.join(', ')}`,
    },
  ];
}

function nameFaults(schema: JsonSchema, keys: readonly string[], path: Path): ShapeFault[] {
  const { propertyNames } = schema;
  if (!propertyNames) return [];
  const form = new RegExp(propertyNames.pattern, 'u');
  return keys
    .filter((key) => !form.test(key))
    .map((key) => ({
      code: 'bad-value',
      path: [...path, key],
      at: 'key',
      message: `a name in ${subject(path)} must be ${propertyNames.title ?? `of the form \`${propertyNames.pattern}\``}, not \`${key}\``,
    }));
}

function countFaults(schema: JsonSchema, keys: readonly string[], path: Path): ShapeFault[] {
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (keys.length >= minProperties && keys.length <= maxProperties) return [];
  const names = Object.keys(schema.properties ?? {});
  const count = minProperties === maxProperties ? 'exactly' : keys.length < minProperties ? 'at least' : 'at most';
  const amount = keys.length < minProperties ? minProperties : maxProperties;
  const what = names.length > 0 ? `of ${listed(names)}` : amount === 1 ? 'entry' : 'entries';
  const message = `${subject(path)} needs ${count} ${amount === 1 ? 'one' : amount} ${what}`;
  return [{ code: 'bad-value', path, at: 'value', message }];
}

function firstSentence(text: string): string {
  const sentence = (/^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text).replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
