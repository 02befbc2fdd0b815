import type { JsonSchema } from '../runner/schema.ts';
import { asWritten, isSecretRef, kindOf, takes, wanted } from './kinds.ts';
import { listed, suggestion } from './nearest.ts';
import { type Path, subject } from './path.ts';
import { schemaAt } from './schema-at.ts';
import type { ShapeFault, ShapeOptions } from './shape-fault.ts';
import { checkMap } from './shape-map.ts';
import { checkNumber, checkText } from './shape-scalar.ts';

/**
 * Finds every way in which a value does not fit a schema. Written for people: one fault per mistake, in words of the
 * language, with the nearest valid name. (A general validator gives several per mistake, and no places.)
 */
export function checkShape(schema: JsonSchema, value: unknown, options: ShapeOptions, path: Path = []): ShapeFault[] {
  if (isSecretRef(value) && !hasOwnSecretKey(schema)) return takesSecret(schema) ? [] : [secretNotAllowed(path)];
  if (typeof value === 'string' && value.includes('{{')) {
    if (schema['x-template'] === false) return [templateNotAllowed(value, path)];
    if (options.templates) return templateFits(schema, value, path);
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives && schema.type === undefined) return checkAlternatives(alternatives, schema, value, options, path);
  const faults = checkType(schema, value, options, path);
  if (faults.length > 0) return faults;
  return [...checkConstant(schema, value, path), ...checkInside(schema, value, options, path)];
}

function takesSecret(schema: JsonSchema): boolean {
  return schema['x-secret'] === true || (schema.anyOf ?? schema.oneOf ?? []).some(takesSecret);
}

function hasOwnSecretKey(schema: JsonSchema): boolean {
  return Object.hasOwn(schema.properties ?? {}, 'secret');
}

function checkInside(schema: JsonSchema, value: unknown, options: ShapeOptions, path: Path): ShapeFault[] {
  if (typeof value === 'string') return checkText(schema, value, path);
  if (typeof value === 'number') return checkNumber(schema, value, path);
  if (Array.isArray(value)) return checkList(schema, value, options, path);
  if (typeof value === 'object' && value !== null)
    return checkMap(schema, value as Record<string, unknown>, { options, path, checkShape });
  return [];
}

function checkType(schema: JsonSchema, value: unknown, options: ShapeOptions, path: Path): ShapeFault[] {
  if (schema.type === undefined || takes(schema, kindOf(value))) return [];
  const message = `${subject(path)} must be ${wanted(schema)}, not ${inWords(value)}`;
  return [{ code: 'wrong-type', path, at: 'value', message, ...hintFor(schema, value, options.sourceOf?.(path)) }];
}

function inWords(value: unknown): string {
  if (value === null) return 'empty';
  return wanted({ type: kindOf(value) });
}

/** Most wrong types are a matter of quotes. */
function hintFor(schema: JsonSchema, value: unknown, source: string | undefined): { hint?: string } {
  if (schema.format === 'duration') return { hint: 'durations are written `90s`, `5m` or `1m30s`' };
  if (schema.format === 'size') return { hint: 'sizes are written `512m` or `2g`' };
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (takes(schema, 'string') && scalar) return { hint: `put it in quotes: '${source ?? String(value)}'` };
  if (typeof value === 'string' && !takes(schema, 'string') && isNumberOrBoolean(value))
    return { hint: `write it without quotes: ${value}` };
  if (takes(schema, 'array') && scalar) return { hint: `write it as a list: [${source ?? String(value)}]` };
  if (takes(schema, 'array') && typeof value === 'string') return { hint: `write it as a list: [${value}]` };
  return {};
}

function isNumberOrBoolean(text: string): boolean {
  return /^(-?\d+(\.\d+)?|true|false)$/.test(text);
}

function checkConstant(schema: JsonSchema, value: unknown, path: Path): ShapeFault[] {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (!allowed || allowed.some((candidate) => candidate === value)) return [];
  const names = allowed.map(asWritten);
  const hint = typeof value === 'string' ? suggestion(value, names) : `allowed: ${listed(names)}`;
  const message = `${subject(path)} cannot be \`${asWritten(value)}\``;
  return [{ code: 'bad-value', path, at: 'value', message, ...(hint && { hint }) }];
}

function checkList(schema: JsonSchema, value: readonly unknown[], options: ShapeOptions, path: Path): ShapeFault[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const faults = value.flatMap((item, index) => {
    const itemSchema = schemaAt(schema, [index]) ?? (options.templates ? {} : undefined);
    return itemSchema ? checkShape(itemSchema, item, options, [...path, index]) : [];
  });
  if (value.length < minItems)
    faults.push(badValue(path, `needs at least ${minItems === 1 ? 'one item' : `${minItems} items`}`));
  if (value.length > maxItems) faults.push(badValue(path, `takes at most ${maxItems} items`));
  return faults;
}

/** Of several forms, the one that was most likely meant tells what is wrong. */
function checkAlternatives(
  forms: readonly JsonSchema[],
  schema: JsonSchema,
  value: unknown,
  options: ShapeOptions,
  path: Path,
): ShapeFault[] {
  const tries = forms.map((form) => ({ form, faults: checkShape(form, value, options, path) }));
  if (tries.some(({ faults }) => faults.length === 0)) return [];
  const sameKind = tries.filter(({ form }) => takes(form, kindOf(value)));
  const [closest] = sameKind.toSorted((left, right) => left.faults.length - right.faults.length);
  if (closest && (sameKind.length === 1 || kindOf(value) === 'object')) return closest.faults;
  const message = `${subject(path)} must be ${[...new Set(forms.map(wanted))].join(' or ')}`;
  return [
    {
      code: sameKind.length > 0 ? 'bad-value' : 'wrong-type',
      path,
      at: 'value',
      message,
      ...hintFor(schema, value, options.sourceOf?.(path)),
    },
  ];
}

/** A text around a reference gives a text; a reference alone may give anything. */
function templateFits(schema: JsonSchema, value: string, path: Path): ShapeFault[] {
  if (/^\{\{[^{}]*\}\}$/.test(value) || takes(schema, 'string')) return [];
  const message = `${subject(path)} must be ${wanted(schema)}, and a text around a template gives a text`;
  return [{ code: 'wrong-type', path, at: 'value', message, hint: 'let the template be the whole value' }];
}

function templateNotAllowed(text: string, path: Path): ShapeFault {
  const start = text.indexOf('{{');
  const span = { start, end: Math.max(text.indexOf('}}', start) + 2, start + 2) };
  if (path.at(-1) === 'script')
    return {
      code: 'template-in-script',
      path,
      at: 'value',
      span,
      message: 'a script takes no templates, for what they bring could run',
      hint: 'give the value through `env` and use the variable: "$NAME"',
    };
  return { code: 'template-not-allowed', path, at: 'value', span, message: `${subject(path)} takes no templates` };
}

function secretNotAllowed(path: Path): ShapeFault {
  const message = `${subject(path)} takes no secret, because its value is shown`;
  return { code: 'secret-not-allowed', path, at: 'value', message, hint: 'give it to a field that takes secrets' };
}

function badValue(path: Path, rest: string): ShapeFault {
  return { code: 'bad-value', path, at: 'value', message: `${subject(path)} ${rest}` };
}
