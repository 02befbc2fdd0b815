import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../engine/ports.ts';
import type { ScopeTypes } from '../expression/scope.ts';
import { factsNeeded } from '../facts/needed.ts';
import { keepEvidence } from '../history/evidence.ts';
import { writePrivateFile } from '../history/private-file.ts';
import { scopeTypes } from '../plan/scope-types.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Context, Json, Look, Releases, StackBefore } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { Secrets } from './secrets.ts';

/** What the runners' side can do with a whole stack; `wire.ts` gives it. */
export type StackTools = {
  /** Records release `found` of what runs, where the stack has no release. */
  adopt(context: Context): Promise<string | undefined>;
  /** Records it where an adoption was begun and its names of images are all there is of it. */
  completeAdoption(context: Context): Promise<void>;
  capture(look: Look): Promise<Json>;
  compare(before: Json, look: Look): Promise<{ differences: string[]; say: string }>;
  /** Why the engine does not answer; undefined where it does. */
  unreachable(look: Look): Promise<string | undefined>;
  /** What checks need of a captured stack. */
  before(captured: Json): Promise<StackBefore>;
};

export type WorldOptions = {
  playbook: Playbook;
  registry: Registry;
  tools: StackTools;
  secrets: Secrets;
  releases: Releases;
  /** The run's folder. */
  folder: string;
  look(signal: AbortSignal): Look;
  scrubbedLook(signal: AbortSignal): Look;
};

/** The world as the engine knows it: runners by name, facts, and the stack written down before it is changed. */
export function createWorld(options: WorldOptions): World {
  const { playbook, registry, tools, secrets, releases, folder, look, scrubbedLook } = options;
  let types: Promise<ScopeTypes> | undefined;
  const file = join(folder, 'before.json');
  const captured = async (): Promise<Json> => JSON.parse(await readFile(file, 'utf8'));
  return {
    look,
    scrubbedLook,
    find: (uses) => registry.find(uses),
    types() {
      types ??= scopeTypes(playbook, registry);
      return types;
    },
    factNames: factsNeeded(playbook),
    facts: (names) => readFacts(names, registry, look(new AbortController().signal)),
    context: {
      releases,
      folder,
      secret: (ref) => secrets.value(ref),
      evidence: (name, bytes) => keepEvidence(folder, name, typeof bytes === 'string' ? secrets.mask(bytes) : bytes),
    },
    adopt: (context) => tools.adopt(context),
    completeAdoption: (context) => tools.completeAdoption(context),
    async capture(look) {
      const snapshot = await tools.capture(look);
      // Inspects hold the values of environments: only the owner may read them.
      await writePrivateFile(file, JSON.stringify(snapshot));
      const { services } = await tools.before(snapshot);
      return { ran_before: Object.values(services).some((service) => service.running) };
    },
    before: async () => tools.before(await captured()),
    compare: async (look) => tools.compare(await captured(), look),
    unreachable: (look) => tools.unreachable(look),
    mask: (text) => secrets.mask(text),
  };
}

/** Facts by provider name, read anew. */
export async function readFacts(
  names: readonly string[],
  registry: Registry,
  look: Look,
): Promise<Record<string, Json>> {
  const read = async (name: string) => [name, (await (await registry.facts(name))?.read(look)) ?? null] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}
