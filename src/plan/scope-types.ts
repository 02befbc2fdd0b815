import type { ScopeTypes } from '../expression/scope.ts';
import { inputsSchema } from '../playbook/input-schema.ts';
import { plainSteps } from '../playbook/nodes.ts';
import type { Playbook } from '../playbook/types.ts';
import type { JsonSchema } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';

/** The schemas of everything that conditions and templates of a playbook may see. */
export async function scopeTypes(playbook: Playbook, registry: Registry): Promise<ScopeTypes> {
  return {
    inputs: inputsSchema(playbook.inputs),
    facts: await factSchemas(registry),
    steps: await outputSchemas(playbook, registry),
  };
}

async function factSchemas(registry: Registry): Promise<Record<string, JsonSchema>> {
  const found = await Promise.all(
    registry.factNames.map(async (name) => [name, (await registry.facts(name))?.schema] as const),
  );
  return Object.fromEntries(found.flatMap(([name, schema]) => (schema ? [[name, schema]] : [])));
}

async function outputSchemas(playbook: Playbook, registry: Registry): Promise<Record<string, JsonSchema>> {
  const found = await Promise.all(
    plainSteps(playbook.steps).map(async (step) => [step.id, await registry.find(step.uses)] as const),
  );
  return Object.fromEntries(found.flatMap(([id, runner]) => (runner?.kind === 'action' ? [[id, runner.outputs]] : [])));
}
