import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../src/engine/program.ts';
import { buildPlan } from '../../../src/plan/build.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { resolveInputs } from '../../../src/playbook/inputs.ts';
import { loadPlaybook } from '../../../src/playbook/load.ts';
import type { Playbook } from '../../../src/playbook/types.ts';
import { virtualClock } from '../virtual-clock.ts';
import { createLife } from './life.ts';
import { factsOf } from './looks.ts';
import type { Model, World } from './model.ts';
import { fakeLook } from './process.ts';
import { fakeStackRegistry } from './registry.ts';

/** A playbook (a shipped one by its name, or its text) on a stack. */
export type Scenario = {
  playbook: { shipped: string } | { text: string };
  inputs?: Record<string, string>;
  /** The release that is put back. */
  release?: string;
  model: Model;
};

const STACK: Plan['stack'] = {
  project: 'shop',
  directory: '/shop',
  files: ['/shop/compose.yml'],
  services: 4,
  profiles: [],
  engine_id: 'E',
  engine_name: 'vm',
  engine_version: '26.1.5',
  compose_version: '2.26.1',
};

/** Loads and plans as the command line does; throws where the plan is not one that would be run. */
export async function programOfScenario({ playbook, inputs: given = {}, release, model }: Scenario): Promise<Program> {
  const world: World = { model: structuredClone(model), life: createLife() };
  const registry = fakeStackRegistry(world);
  const book = await load(playbook, registry);
  const { inputs, tainted } = resolveInputs(book, given, { outside: false });
  const look = fakeLook(world, release, { clock: virtualClock(), signal: new AbortController().signal });
  const plan = await buildPlan({
    playbook: book,
    inputs,
    tainted,
    registry,
    look,
    header: STACK,
    facts: async () => factsOf(world, look),
    overrides: [],
    actor: { user: 'ann', host: 'vm' },
    now: look.clock.now(),
  });
  const against = plan.guards.filter(({ verdict }) => verdict === 'no-go');
  if (against.length > 0) throw new Error(against.map(({ id, say }) => `${id}: ${say}`).join('\n'));
  const target = { ...look.target, ...(release !== undefined && { release }) };
  return { run: 'k3f9', playbook: book, target, inputs, tainted, plan, overrides: [], started_by: 'test' };
}

async function load(source: Scenario['playbook'], registry: ReturnType<typeof fakeStackRegistry>): Promise<Playbook> {
  const folder = join(import.meta.dirname, '../../../playbooks');
  const file = 'shipped' in source ? join(folder, `${source.shipped}.yml`) : '/test.yml';
  const text = 'shipped' in source ? readFileSync(file, 'utf8') : source.text;
  const { playbook, problems } = await loadPlaybook({ file, text }, registry);
  if (!playbook) throw new Error(problems.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n'));
  return playbook;
}
