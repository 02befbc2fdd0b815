import type { Problem } from '../errors.ts';
import type { Registry } from '../runner/registry.ts';
import type { JsonSchema } from '../runner/schema.ts';
import { ENVELOPE, TARGET } from './envelope.ts';
import { NOT_YET } from './keys.ts';
import { asWritten } from './kinds.ts';
import type { Parsed } from './parse.ts';
import { type Path, valueAt } from './path.ts';
import { locateFaults } from './problems.ts';
import { readFor } from './read.ts';
import type { Reading } from './reading.ts';
import { RULES } from './rules/all.ts';
import { checkShape } from './shape.ts';

/** Every problem of a parsed playbook: its shape, what it names, and how its parts go together. */
export async function validate(parsed: Parsed, registry: Registry): Promise<Validated> {
  const { value, locate } = parsed;
  if (!isMap(value)) return { problems: locateFaults(checkShape(ENVELOPE, value, { templates: false }), locate) };
  const version = value['playbook'];
  if (version !== undefined && version !== 'v1') return { problems: [wrongVersion(version, parsed)] };
  const reading = await readFor(parsed, value, registry);
  return { problems: [...shapeProblems(parsed), ...RULES.flatMap((rule) => rule(reading))], reading };
}

/** `reading` is left out where nothing could be read. */
export type Validated = { problems: Problem[]; reading?: Reading };

/** The envelope but for `target`, whose texts may be templates. */
const WITHOUT_TARGET: JsonSchema = { ...ENVELOPE, properties: { ...ENVELOPE.properties, target: {} } };

function shapeProblems({ value, locate }: Parsed): Problem[] {
  const sourceOf = locate.plainSource;
  const shape = checkShape(WITHOUT_TARGET, value, { templates: false, sourceOf, notYet });
  // A template in the wrong place is one problem, which a rule reports.
  const envelope = shape.filter(({ path, at }) => at === 'key' || !isTemplate(valueAt(value, path)));
  const target = valueAt(value, ['target']);
  const inTarget = target === undefined ? [] : checkShape(TARGET, target, { templates: true, sourceOf }, ['target']);
  return locateFaults([...envelope, ...inTarget], locate);
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}

function notYet(path: Path): string | undefined {
  const written = path.map((key, at) => (typeof key === 'number' ? '[]' : at === 0 ? key : `.${key}`)).join('');
  return Object.hasOwn(NOT_YET, written) ? NOT_YET[written] : undefined;
}

function wrongVersion(version: unknown, { locate }: Parsed): Problem {
  return {
    code: 'wrong-version',
    message: `this is a playbook of version \`${asWritten(version)}\`, and only \`v1\` is known`,
    hint: 'write `playbook: v1`',
    place: locate.value(['playbook']),
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
