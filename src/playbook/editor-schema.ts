import type { Runner } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { Json, JsonSchema } from '../runner/schema.ts';
import { ENVELOPE } from './envelope.ts';
import { forEditor } from './field-schema.ts';
import { KEYS } from './keys.ts';

/** The keyword of JSON schema; written out, linters take the object for a promise. */
// oxlint-disable-next-line unicorn/no-thenable -- see above
const consequence = 'then';

type JsonMap = { [key: string]: Json | undefined };
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
  const triggers = runners.filter(({ runner }) => runner.kind === 'trigger');
  const properties = ENVELOPE.properties ?? {};
  const { guards: guardList, steps, always, target, rollback, ...rest } = properties;
  const back = rollback?.anyOf?.find(({ type }) => type === 'object');
  const triggerList = back?.properties?.['triggers'];
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
      rollback: rollbackOf(rollback, back, listOf(triggerList, 'trigger')),
    },
    definitions: {
      guard: usesOneOf(guardList?.items, guards, {}),
      step: stepOf(steps, actions),
      trigger: usesOneOf(triggerList?.items, triggers, {}),
      always_step: usesOneOf(always?.items, actions, {}),
      ...Object.fromEntries(runners.map(({ name, runner }) => [`with_${name}`, parametersOf(runner)])),
    },
  };
}

/** A step of any form: what it uses decides its parameters, and the form decides which keys it takes. */
function stepOf(steps: JsonSchema | undefined, actions: readonly Named[]): Json {
  const properties = steps?.items?.properties ?? {};
  const undo = usesOneOf(formOf(steps, 'undo'), actions, {});
  const { allOf, ...step } = usesOneOf({ ...steps?.items, dependentRequired: {} }, actions, {
    guards: listOf(properties['guards'], 'guard'),
    undo: { description: KEYS['steps[].undo'].description, anyOf: [{ const: 'none' }, undo] },
    probe: usesOneOf(formOf(steps, 'probe'), actions, {}),
    parallel: { ...listOf(properties['parallel'], 'step'), items: { allOf: [{ $ref: '#/definitions/step' }, PLAIN] } },
    for_each: loopOf(properties['for_each']),
    do: listOf(properties['do'], 'step'),
  });
  return { ...step, allOf: [...allOf, ...formsOf(Object.keys(properties))] };
}

const PLAIN: Json = { required: ['uses'], not: { required: ['pivot'] } };

/** What may be a template: the sizes and the pause. */
function loopOf(loop: JsonSchema | undefined): Json {
  const { batch, delay, ...same } = loop?.properties ?? {};
  const texts = mapValues({ batch: batch ?? {}, delay: delay ?? {} }, (schema) =>
    forEditor(schema, { templates: true }),
  );
  const plain = forEditor({ ...loop, properties: same }, { templates: false });
  return { ...plain, properties: { ...(plain['properties'] as Record<string, Json>), ...texts } };
}

/** Steps that hold others take few keys. */
function formsOf(keys: readonly string[]): Json[] {
  const allow = (form: string, own: readonly string[]): Json => {
    const others = keys.filter((key) => !['id', 'description', 'when', ...own].includes(key));
    const without = { not: { anyOf: others.map((key) => ({ required: [key] })) } };
    return { if: { required: [form] }, [consequence]: { required: [...own], ...without } };
  };
  return [
    allow('parallel', ['parallel']),
    allow('for_each', ['for_each', 'do']),
    { if: { required: ['do'] }, [consequence]: { required: ['for_each'] } },
  ];
}

function rollbackOf(rollback: JsonSchema | undefined, back: JsonSchema | undefined, triggers: Json): Json {
  const plain = forEditor(back ?? {}, { templates: false });
  const map = { ...plain, properties: { ...(plain['properties'] as Record<string, Json>), triggers } };
  return { description: rollback?.description, anyOf: [{ const: 'never' }, map] };
}

function listOf(list: JsonSchema | undefined, definition: string): JsonMap {
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
function usesOneOf(
  schema: JsonSchema | undefined,
  runners: readonly Named[],
  own: Record<string, Json>,
): JsonMap & { allOf: Json[] } {
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
