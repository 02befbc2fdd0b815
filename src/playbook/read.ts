import { checkList } from '../expression/check-list.ts';
import { referencedPaths } from '../expression/paths.ts';
import type { Runner } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { JsonSchema } from '../runner/schema.ts';
import { conditionsOf } from './conditions.ts';
import { inputsSchema } from './input-schema.ts';
import { LOOP_OUTPUTS, NO_OUTPUTS, variableOf } from './loop-types.ts';
import { type LoopOutline, type Outline, outlineOf, usesOf } from './outline.ts';
import type { Parsed } from './parse.ts';
import { outputsOf, type Reading, typesAt } from './reading.ts';
import { referencesOf } from './references.ts';
import { textsOf } from './texts.ts';

/** Puts together all that the rules look at; loads only the runners and facts that the playbook names. */
export async function readFor(parsed: Parsed, value: Record<string, unknown>, registry: Registry): Promise<Reading> {
  const outline = outlineOf(value);
  const conditions = conditionsOf(outline, value);
  const texts = textsOf(outline, value);
  const roots = new Set([
    ...conditions.flatMap(({ text }) => referencedPaths(text).map(([root]) => root)),
    ...texts.flatMap(({ text }) => referencesOf(text).map(([root]) => root)),
  ]);
  const uses = new Set(usesOf(outline).flatMap(({ name }) => name ?? []));
  const runners = await runnersOf(uses, registry);
  const known = {
    runners,
    inputs: inputsSchema(outline.inputs),
    outputs: outputsById(outline, runners),
    facts: await factSchemas(registry.factNames, roots, registry),
  };
  return {
    value,
    locate: parsed.locate,
    outline,
    conditions,
    texts,
    names: await namesByKind(registry, runners.size < uses.size),
    ...known,
    variables: loopVariables(outline, known),
  };
}

function outputsById({ steps, blocks, always }: Outline, runners: Reading['runners']): Reading['outputs'] {
  const ofSteps = [...steps, ...always].map(({ id, use }) => [id, outputsOf(runners, use.name)] as const);
  const ofBlocks = blocks.map(({ id, kind }) => [id, kind === 'for_each' ? LOOP_OUTPUTS : NO_OUTPUTS] as const);
  return new Map([...ofSteps, ...ofBlocks].flatMap(([id, schema]) => (id === undefined ? [] : [[id, schema]])));
}

type Known = Pick<Reading, 'inputs' | 'facts' | 'outputs' | 'runners'>;

/** Outer loops come first, so that the list of an inner one may be taken from their variables. */
function loopVariables({ blocks }: Outline, known: Known): Reading['variables'] {
  const variables = new Map<LoopOutline, JsonSchema>();
  for (const loop of blocks) {
    if (loop.kind !== 'for_each' || !('in' in loop) || loop.in === undefined) continue;
    const around = { later: [], field: 'in' };
    const { item = {} } = checkList(loop.in, typesAt({ ...known, variables }, loop), around);
    variables.set(loop, variableOf(item, loop.batched));
  }
  return variables;
}

async function runnersOf(names: Iterable<string>, registry: Registry): Promise<Map<string, Runner>> {
  const found = await Promise.all([...names].map(async (name) => [name, await registry.find(name)] as const));
  return new Map(found.flatMap(([name, runner]) => (runner ? [[name, runner]] : [])));
}

/** Suggestions name only what would fit; the kinds are known only once all is loaded, so only where one is needed. */
async function namesByKind(registry: Registry, needed: boolean): Promise<Reading['names']> {
  if (!needed) return { action: registry.names, guard: registry.names, trigger: registry.names };
  const all = [...(await runnersOf(registry.names, registry))];
  const ofKind = (kind: Runner['kind']) => all.filter(([, runner]) => runner.kind === kind).map(([name]) => name);
  return { action: ofKind('action'), guard: ofKind('guard'), trigger: ofKind('trigger') };
}

/** Schemas of the facts that are asked for; the others are open, so that their names are known at least. */
async function factSchemas(
  names: readonly string[],
  asked: ReadonlySet<string | undefined>,
  registry: Registry,
): Promise<Record<string, JsonSchema>> {
  const entries = names.map(
    async (name) => [name, asked.has(name) ? ((await registry.facts(name))?.schema ?? {}) : {}] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
