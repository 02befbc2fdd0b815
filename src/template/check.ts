import type { Surroundings } from '../expression/fault.ts';
import { unknownKey, unknownName } from '../expression/names.ts';
import { memberOf, type Variables } from '../expression/schemas.ts';
import type { ProblemCode } from '../playbook/problem-codes.ts';
import type { JsonSchema } from '../runner/schema.ts';
import { isIndex, onlyReference, parseTemplate, type Reference, type Template, TemplateFault } from './parse.ts';

/** Something wrong in a template; `start` and `end` count characters of its text. */
export type TemplateProblem = { code: ProblemCode; message: string; hint?: string; start: number; end: number };

export type CheckedTemplate = {
  problems: TemplateProblem[];
  /** What the value will be, where the whole text is one reference to something declared. */
  schema?: JsonSchema;
  references: readonly Reference[];
};

/** Checks a template before any value is known: that it can be read and refers only to what there is. */
export function checkTemplate(text: string, variables: Variables, around: Surroundings): CheckedTemplate {
  const template = parsed(text);
  if ('problems' in template) return template;
  const references = template.filter((part) => typeof part === 'object');
  const found = references.map((reference) => follow(reference, variables, around));
  const problems = found.flatMap((target) => ('code' in target ? [target] : []));
  const [only] = found;
  const schema = onlyReference(template) && only && !('code' in only) ? only.schema : undefined;
  return { problems, references, ...(schema && { schema }) };
}

function parsed(text: string): Template | CheckedTemplate {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    const { message, hint, start, end } = error;
    return { problems: [{ code: 'bad-template', message, hint, start, end }], references: [] };
  }
}

type Target = { schema: JsonSchema | undefined } | TemplateProblem;

function follow(reference: Reference, variables: Variables, around: Surroundings): Target {
  const { start, end } = reference;
  const [root = '', ...keys] = reference.path;
  if (!Object.hasOwn(variables, root)) return { ...unknownName(root, Object.keys(variables), around), start, end };
  let schema: JsonSchema | undefined = variables[root];
  let parent = root;
  for (const key of keys) {
    const member: JsonSchema | 'open' | 'missing' = schema ? partOf(schema, key) : 'open';
    if (member === 'missing' && schema?.type === 'array') return { ...noItem(parent, key), start, end };
    if (member === 'missing') return { ...unknownKey(parent, key, schema ?? {}, around), start, end };
    schema = typeof member === 'object' ? member : undefined;
    parent = `${parent}.${key}`;
  }
  return { schema };
}

/** As in expressions, and items of lists by their number. */
function partOf(schema: JsonSchema, key: string): JsonSchema | 'open' | 'missing' {
  if (schema.type !== 'array') return memberOf(schema, key);
  return isIndex(key) ? (schema.items ?? 'open') : 'missing';
}

function noItem(parent: string, key: string): Pick<TemplateProblem, 'code' | 'message' | 'hint'> {
  const message = `\`${parent}\` is a list, and \`${key}\` is no number of an item`;
  return { code: 'unknown-field', message, hint: `the first item is \`${parent}.0\`` };
}
