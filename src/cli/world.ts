import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../engine/ports.ts';
import { keepEvidence } from '../history/evidence.ts';
import { writePrivateFile } from '../history/private-file.ts';
import type { Context, Json, Look, Releases, StackBefore } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import type { Secrets } from './secrets.ts';

/** What the runners' side can do with a whole stack; `wire.ts` gives it. */
export type StackTools = {
  /** Records release `found` of what runs, where the stack has no release. */
  adopt(context: Context): Promise<string | undefined>;
  capture(look: Look): Promise<Json>;
  compare(before: Json, look: Look): Promise<{ differences: string[]; say: string }>;
  /** What checks need of a captured stack. */
  before(captured: Json): StackBefore;
};

export type WorldOptions = {
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
export function createWorld({ registry, tools, secrets, releases, folder, ...looks }: WorldOptions): World {
  const file = join(folder, 'before.json');
  const captured = async (): Promise<Json> => JSON.parse(await readFile(file, 'utf8'));
  return {
    ...looks,
    find: (uses) => registry.find(uses),
    facts: (names) => readFacts(names, registry, looks.look(new AbortController().signal)),
    context: {
      releases,
      folder,
      secret: (ref) => secrets.value(ref),
      evidence: (name, bytes) => keepEvidence(folder, name, typeof bytes === 'string' ? secrets.mask(bytes) : bytes),
    },
    adopt: (context) => tools.adopt(context),
    async capture(look) {
      const snapshot = await tools.capture(look);
      // Inspects hold the values of environments: only the owner may read them.
      await writePrivateFile(file, JSON.stringify(snapshot));
      return { ran_before: Object.values(tools.before(snapshot).services).some((service) => service.running) };
    },
    before: async () => tools.before(await captured()),
    compare: async (look) => tools.compare(await captured(), look),
    mask: (text) => secrets.mask(text),
  };
}

/** Facts by provider name, read anew. */
export async function readFacts(names: readonly string[], registry: Registry, look: Look): Promise<Record<string, Json>> {
  const read = async (name: string) => [name, (await (await registry.facts(name))?.read(look)) ?? null] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}
