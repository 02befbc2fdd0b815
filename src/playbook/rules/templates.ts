import type { Problem } from '../../errors.ts';
import { referencedPaths } from '../../expression/paths.ts';
import { variablesOf } from '../../expression/schemas.ts';
import type { JsonSchema } from '../../runner/schema.ts';
import { checkTemplate } from '../../template/check.ts';
import { isTemplate, type Reference } from '../../template/parse.ts';
import { TARGET } from '../envelope.ts';
import { kindOf, takes, wanted } from '../kinds.ts';
import { usesOf } from '../outline.ts';
import { type Path, subject, valueAt } from '../path.ts';
import { type Reading, surroundings, typesAt } from '../reading.ts';
import { schemaAt } from '../schema-at.ts';
import type { Text } from '../texts.ts';

/** Every template must be readable, refer to what there is, and bring a value of the field's type. */
export function templates(reading: Reading): Problem[] {
  return reading.texts.filter(({ text }) => isTemplate(text)).flatMap((text) => problemsOf(text, reading));
}

function problemsOf(text: Text, reading: Reading): Problem[] {
  const around = surroundings(reading, text);
  const checked = checkTemplate(text.text, variablesOf(typesAt(reading, text)), around);
  const at = ({ start, end }: { start: number; end: number }) => reading.locate.inside(text.path, start, end);
  const problems = checked.problems.map(
    (fault): Problem => ({
      code: fault.code,
      message: fault.message,
      ...(fault.hint && { hint: fault.hint }),
      place: at(fault),
    }),
  );
  if (problems.length > 0) return problems;
  const mismatch = checked.schema && typeMismatch(checked.schema, text.path, reading);
  const unsure = checked.references.filter((reference) => mayBeMissing(reference, text.path, reading));
  return [
    ...(mismatch ? [{ code: 'wrong-type' as const, ...mismatch, place: reading.locate.value(text.path) }] : []),
    ...unsure.map((reference) => ({ ...optional(reference), place: at(reference) })),
  ];
}

function typeMismatch(value: JsonSchema, path: Path, reading: Reading): { message: string } | undefined {
  const field = fieldSchema(path, reading);
  const kind = value.type ?? (value.enum ? kindOf(value.enum[0]) : undefined);
  if (!field || kind === undefined) return undefined;
  const formats = field.format && value.format && field.format !== value.format ? [field.format, value.format] : [];
  const asText =
    field.type === 'string' && field.format === undefined && ['integer', 'number', 'boolean'].includes(kind);
  const clash = formats.some((format) => format === 'duration' || format === 'size');
  if ((takes(field, kind) || asText) && !clash) return itemMismatch(field, value, path);
  return { message: `${subject(path)} must be ${wanted(field)}, and this template brings ${wanted(value)}` };
}

/** A list of maps where each item must be a text. */
function itemMismatch(field: JsonSchema, value: JsonSchema, path: Path): { message: string } | undefined {
  const [wantedItem, item] = [field.items, value.items];
  if (field.type !== 'array' || !wantedItem || item?.type === undefined || takes(wantedItem, item.type))
    return undefined;
  const message = `each item of ${subject(path)} must be ${wanted(wantedItem)}, and this template brings a list in which each is ${wanted(item)}`;
  return { message };
}

/** What a template in `for_each` may bring. */
const LOOP_FIELDS: Readonly<Record<string, JsonSchema>> = {
  batch: { anyOf: [{ type: 'array' }, { type: 'integer' }, { type: 'string' }] },
  delay: { type: 'string', format: 'duration' },
};

function fieldSchema(path: Path, { outline, runners }: Reading): JsonSchema | undefined {
  if (path[0] === 'target') return schemaAt(TARGET, path.slice(1));
  if (path.at(-2) === 'for_each') return LOOP_FIELDS[String(path.at(-1))];
  const use = usesOf(outline).find(({ path: at }) => [...at, 'with'].every((key, index) => key === path[index]));
  const runner = use?.name === undefined ? undefined : runners.get(use.name);
  return use && runner ? schemaAt(runner.params, path.slice(use.path.length + 1)) : undefined;
}

/** An optional input without default, used where nothing asked `has(…)` first. */
function mayBeMissing({ path: [root, name] }: Reference, path: Path, { outline, value }: Reading): boolean {
  const input = root === 'inputs' && name !== undefined ? outline.inputs[name] : undefined;
  if (input?.['required'] !== false || input['default'] !== undefined) return false;
  const holders = path.map((_key, length) => valueAt(value, [...path.slice(0, length), 'when']));
  return !holders.some((when) => typeof when === 'string' && asksFor(when, name ?? ''));
}

function asksFor(condition: string, input: string): boolean {
  return referencedPaths(condition).some(([root, name]) => root === 'inputs' && name === input);
}

function optional({ path }: Reference): Problem {
  const written = path.join('.');
  return {
    code: 'missing-value',
    level: 'warning',
    message: `\`${written}\` need not be given, and without it this fails`,
    hint: `give the input a default, or add \`when: 'has(${written})'\``,
  };
}
