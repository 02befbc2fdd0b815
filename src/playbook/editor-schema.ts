import type { Runner } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { ENVELOPE } from './envelope.ts';
import { forEditor } from './field-schema.ts';
import { KEYS } from './keys.ts';

type Named = { name: string; runner: Runner };

/**
 * The schema for editors (draft 7, which they know best): the envelope, and by `if`/`then` the parameters of what each
 * step and guard `uses`. Fields that take templates accept their type or a template.
 */
export async function editorSchema(registry: Registry): Promise<Json> {
  const found = await Promise.all(registry.names.map(async (name) => ({ name, runner: await registry.find(name) })));
  const runners = found.flatMap(({ name, runner }): Named[] => (runner ? [{ name, runner }] : []));
  const actions = runners.filter(({ runner }) => runner.kind === 'action');
  const guards = runners.filter(({ runner }) => runner.kind === 'guard');
  const properties = ENVELOPE.properties ?? {};
  const { guards: guardList, steps, always, target, ...rest } = properties;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:playbook:playbook:1',
    title: 'Playbook',
    description: 'A playbook for Docker Compose stacks, version 1.',
    ...forEditor({ ...ENVELOPE, properties: rest }, { templates: false }),
    properties: {
      ...mapValues(rest, (schema) => forEditor(schema, { templates: false })),
      target: forEditor(target ?? {}, { templates: true }),
      guards: listOf(guardList, 'guard'),
      steps: listOf(steps, 'step'),
      always: listOf(always, 'always_step'),
    },
    definitions: {
      guard: usesOneOf(guardList?.items, guards, {}),
      step: usesOneOf(steps?.items, actions, {
        guards: listOf(steps?.items?.properties?.['guards'], 'guard'),
        undo: {
          description: KEYS['steps[].undo'].description,
          anyOf: [{ const: 'none' }, usesOneOf(formOf(steps, 'undo'), actions, {})],
        },
        probe: usesOneOf(formOf(steps, 'probe'), actions, {}),
      }),
      always_step: usesOneOf(always?.items, actions, {}),
      ...Object.fromEntries(runners.map(({ name, runner }) => [`with_${name}`, parametersOf(runner)])),
    },
  };
}

function listOf(list: JsonSchema | undefined, definition: string): Json {
  return {
    ...(forEditor({ ...list, items: {} }, { templates: false }) as object),
    items: { $ref: `#/definitions/${definition}` },
  };
}

/** The map that a step's key takes, among its forms. */
function formOf(steps: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const schema = steps?.items?.properties?.[key];
  const forms = schema?.anyOf;
  return forms ? { ...forms.find(({ type }) => type === 'object') } : schema;
}

/** A map with `uses` and `with`, whose `with` depends on what it uses. */
function usesOneOf(schema: JsonSchema | undefined, runners: readonly Named[], own: Record<string, Json>): Json {
  const shape = forEditor(schema ?? {}, { templates: false }) as { properties?: Record<string, Json> };
  const uses = {
    ...(shape.properties?.['uses'] as object),
    enum: runners.map(({ name }) => name),
    enumDescriptions: runners.map(({ runner }) => runner.summary),
  };
  return { ...shape, properties: { ...shape.properties, ...own, uses }, allOf: runners.map(whenUsed) };
}

function parametersOf({ params, examples, summary }: Runner): Json {
  return {
    ...(forEditor(params, { templates: true }) as object),
    description: summary,
    ...(examples.length > 0 && { examples: examples.map((example) => example.with) }),
  };
}

/** The keyword of JSON schema; written out, linters take the object for a promise. */
// oxlint-disable-next-line unicorn/no-thenable -- see above
const consequence = 'then';

function whenUsed({ name, runner: { params } }: Named): Json {
  const needed = (params.required ?? []).length > 0 || params.oneOf !== undefined;
  return {
    if: { properties: { uses: { const: name } }, required: ['uses'] },
    [consequence]: {
      properties: { with: { $ref: `#/definitions/with_${name}` } },
      ...(needed && { required: ['with'] }),
    },
  };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
