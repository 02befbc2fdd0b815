import type { ScopeTypes } from '../expression/scope.ts';
import type { InputDeclaration, InputType, Playbook } from '../playbook/types.ts';
import type { JsonSchema } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';

/** The schemas of everything that conditions and templates of a playbook may see. */
export async function scopeTypes(playbook: Playbook, registry: Registry): Promise<ScopeTypes> {
  return {
    inputs: inputSchema(playbook.inputs),
    facts: await factSchemas(registry),
    steps: await outputSchemas(playbook, registry),
  };
}

function inputSchema(inputs: Playbook['inputs']): JsonSchema {
  const properties = Object.entries(inputs).map(([name, declared]) => [name, schemaOf(declared)] as const);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function schemaOf(declared: InputDeclaration): JsonSchema {
  if (declared.type === 'list') return { type: 'array', items: scalars[declared.items ?? 'string'] };
  return scalars[declared.type];
}

const scalars: Record<Exclude<InputType, 'list'>, JsonSchema> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  duration: { type: 'string', format: 'duration' },
  size: { type: 'string', format: 'size' },
  path: { type: 'string', format: 'path' },
  url: { type: 'string', format: 'url' },
  service: { type: 'string', format: 'service' },
  enum: { type: 'string' },
};

async function factSchemas(registry: Registry): Promise<Record<string, JsonSchema>> {
  const found = await Promise.all(
    registry.factNames.map(async (name) => [name, (await registry.facts(name))?.schema] as const),
  );
  return Object.fromEntries(found.flatMap(([name, schema]) => (schema ? [[name, schema]] : [])));
}

async function outputSchemas(playbook: Playbook, registry: Registry): Promise<Record<string, JsonSchema>> {
  const found = await Promise.all(
    playbook.steps.map(async (step) => [step.id, await registry.find(step.uses)] as const),
  );
  return Object.fromEntries(found.flatMap(([id, runner]) => (runner?.kind === 'action' ? [[id, runner.outputs]] : [])));
}
