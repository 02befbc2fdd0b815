import { type Problem, Problems } from '../errors.ts';
import type { Scope } from '../expression/scope.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { parseDuration } from './duration.ts';
import { renderValue } from './render-value.ts';
import { schemaAt } from './schema-at.ts';
import { checkShape } from './shape.ts';
import { parseSize } from './size.ts';

/**
 * Makes `with` ready for its runner: templates rendered, the result checked again, defaults filled in, durations as
 * milliseconds and sizes as bytes. Throws every problem at once.
 */
export function readyParams(
  schema: JsonSchema,
  written: Readonly<Record<string, Json>>,
  scope: Scope,
): Record<string, Json> {
  const problems: Problem[] = [];
  const rendered = renderValue({ ...written }, { schema, scope, path: ['with'], problems });
  if (problems.length === 0) {
    const faults = checkShape(schema, rendered, { templates: false }, ['with']);
    problems.push(...faults.map(({ code, message, hint }): Problem => ({ code, message, ...(hint && { hint }) })));
  }
  if (problems.length > 0) throw new Problems(problems);
  return finished(rendered, schema) as Record<string, Json>;
}

/** Defaults and units, all the way down. */
function finished(value: Json | undefined, schema: JsonSchema | undefined): Json | undefined {
  if (typeof value === 'string') return inUnits(value, schema);
  if (Array.isArray(value))
    return value.map((item, index) => finished(item, schema && schemaAt(schema, [index])) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const names = new Set([...Object.keys(value), ...Object.keys(schema?.properties ?? {})]);
  const done: Record<string, Json | undefined> = {};
  for (const name of names) {
    const member = schema && schemaAt(schema, [name]);
    const given = Object.hasOwn(value, name) ? value[name] : member?.default;
    const ready = finished(given, member);
    if (ready !== undefined) done[name] = ready;
  }
  return done;
}

function inUnits(text: string, schema: JsonSchema | undefined): Json {
  const form = formOf(text, schema);
  if (form?.format === 'duration') return parseDuration(text) ?? text;
  return form?.format === 'size' ? (parseSize(text) ?? text) : text;
}

/** Of several forms, the one that the text has. */
function formOf(text: string, schema: JsonSchema | undefined): JsonSchema | undefined {
  const forms = schema?.anyOf ?? schema?.oneOf;
  return forms ? forms.find((form) => checkShape(form, text, { templates: false }).length === 0) : schema;
}
