import type { Program } from '../../src/engine/program.ts';
import type { ScopeTypes } from '../../src/expression/scope.ts';
import { planSteps } from '../../src/plan/steps.ts';
import { planTriggers } from '../../src/plan/triggers.ts';
import { allNodes, isStep } from '../../src/playbook/nodes.ts';
import type { JsonSchema, Look } from '../../src/runner/contract.ts';
import { itemsSchema, runners, valueSchema } from './actions.ts';
import type { Client } from './client.ts';
import type { Book } from './playbooks.ts';
import { ACTOR, STACK } from './sim.ts';
import type { World } from './world.ts';

/** The one fact that conditions ask for; it never changes, but it may not be found out. */
export const WEATHER = { good: true };
const weatherSchema: JsonSchema = {
  type: 'object',
  properties: { good: { type: 'boolean', description: 'Whether it is.' } },
};

/** The program of a playbook, planned by the real planner; its look cannot change anything. */
export async function programOf(run: string, { playbook, guards }: Book, world: World): Promise<Program> {
  const client: Client = {
    world,
    read: async (name) => world.value(name),
    change: async () => Promise.reject(new Error('a plan must not change anything')),
  };
  const options = {
    playbook,
    registry: { names: [], factNames: [], find: async (uses: string) => runners[uses], facts: async () => undefined },
    look: { client } as unknown as Look,
    scope: { inputs: {}, facts: { weather: WEATHER }, steps: {}, types: typesOf(playbook.steps) },
    overrides: [],
    actor: ACTOR,
  };
  const draft = await planSteps(options);
  const { triggers, verdicts } = await planTriggers(draft, options);
  return {
    run,
    playbook,
    target: { directory: '/shop', files: [], env_files: [], profiles: [], env: {} },
    inputs: {},
    tainted: [],
    overrides: [],
    started_by: 'simulation',
    plan: {
      plan_id: run,
      playbook: { name: playbook.name, file: playbook.file },
      stack: {
        ...STACK,
        directory: '/shop',
        files: [],
        services: 0,
        profiles: [],
        engine_name: 'vm',
        engine_version: '26.1.5',
        compose_version: '2.26.1',
      },
      inputs: {},
      verdict: 'changes',
      guards: [...guards, ...draft.verdicts, ...verdicts],
      steps: draft.steps,
      changes: draft.changes,
      triggers,
      way_back: { until: '', impossible: [] },
      duration: { runs: 0 },
      from_shell: [],
      by: 'anna@vm',
      warnings: [],
      bound: {},
    },
  };
}

/** What expressions of this playbook may ask. */
export function typesOf(nodes: Parameters<typeof allNodes>[0]): ScopeTypes {
  const steps = allNodes(nodes).filter(isStep);
  const item = { type: 'string' as const };
  return {
    inputs: { type: 'object', properties: {} },
    facts: { weather: weatherSchema },
    steps: Object.fromEntries(steps.map(({ id, uses }) => [id, uses === 'sim.list' ? itemsSchema : valueSchema])),
    locals: { item, some: { type: 'array', items: item } },
  };
}
