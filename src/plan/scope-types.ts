import { checkList } from '../expression/check-list.ts';
import type { ScopeTypes } from '../expression/scope.ts';
import { inputsSchema } from '../playbook/input-schema.ts';
import { LOOP_OUTPUTS, NO_OUTPUTS, variableOf } from '../playbook/loop-types.ts';
import { allNodes, plainSteps } from '../playbook/nodes.ts';
import type { Playbook } from '../playbook/types.ts';
import type { JsonSchema } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';

/** The schemas of everything that conditions and templates of a playbook may see. */
export async function scopeTypes(playbook: Playbook, registry: Registry): Promise<ScopeTypes> {
  const types = {
    inputs: inputsSchema(playbook.inputs),
    facts: await factSchemas(registry),
    steps: await outputSchemas(playbook, registry),
  };
  return { ...types, locals: loopTypes(playbook, types) };
}

/** What the variables of loops mean, by name; outer loops first, for an inner one may go over a part of their variable. */
export function loopTypes(playbook: Playbook, types: ScopeTypes): Record<string, JsonSchema> {
  const locals: Record<string, JsonSchema> = {};
  for (const node of allNodes(playbook.steps)) {
    if (node.kind !== 'for_each') continue;
    const { item = {} } = checkList(node.in, { ...types, locals }, { later: [], field: 'in' });
    locals[node.as] = variableOf(item, node.batch !== undefined);
  }
  return locals;
}

async function factSchemas(registry: Registry): Promise<Record<string, JsonSchema>> {
  const found = await Promise.all(
    registry.factNames.map(async (name) => [name, (await registry.facts(name))?.schema] as const),
  );
  return Object.fromEntries(found.flatMap(([name, schema]) => (schema ? [[name, schema]] : [])));
}

async function outputSchemas(playbook: Playbook, registry: Registry): Promise<Record<string, JsonSchema>> {
  const blocks = allNodes(playbook.steps).flatMap(({ id, kind }) =>
    kind === undefined ? [] : [[id, kind === 'for_each' ? LOOP_OUTPUTS : NO_OUTPUTS] as const],
  );
  const found = await Promise.all(
    plainSteps(playbook.steps).map(async (step) => [step.id, await registry.find(step.uses)] as const),
  );
  const steps = found.flatMap(([id, runner]) => (runner?.kind === 'action' ? [[id, runner.outputs] as const] : []));
  return Object.fromEntries([...blocks, ...steps]);
}
