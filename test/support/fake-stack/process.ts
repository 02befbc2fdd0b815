import { createHash } from 'node:crypto';
import { executeRun, type Start } from '../../../src/engine/engine.ts';
import type { RunEvent, RunEventBody } from '../../../src/engine/events.ts';
import type { Ports } from '../../../src/engine/ports.ts';
import type { Program } from '../../../src/engine/program.ts';
import type { RunState } from '../../../src/engine/run-state.ts';
import { factsNeeded } from '../../../src/facts/needed.ts';
import { scopeTypes } from '../../../src/plan/scope-types.ts';
import type { Clock, Json, Look, Release } from '../../../src/runner/contract.ts';
import type { Registry } from '../../../src/runner/registry.ts';
import { virtualClock } from '../virtual-clock.ts';
import { exactly } from './compare.ts';
import type { Life } from './life.ts';
import { factsOf } from './looks.ts';
import type { Model, World } from './model.ts';
import { fakeStackRegistry } from './registry.ts';
import { releasesOf } from './releases.ts';

/** What outlives a process: the world, the journal, the receipts, and what the stack was before. */
export type Host = { model: Model; events: RunEvent[]; receipts: Record<string, Json>; captured?: string };

export function hostOf(model: Model): Host {
  return { model: structuredClone(model), events: [], receipts: {} };
}

/** What is left of a host when a process is killed at this point. */
export type Remains = { host: Host; after: string };

/** Whether it is to be kept what would have remained at this point. */
export type Keep = (point: number) => boolean;

/** Carries a run to its end in a process of its own, and gives what would have remained had it been killed at some points. */
export async function carry(
  host: Host,
  program: Program,
  start: Start,
  keep: Keep = () => false,
): Promise<{ state: RunState; cuts: Remains[]; points: number }> {
  const cuts: Remains[] = [];
  let points = 0;
  const life: Life = {
    point(after) {
      points += 1;
      if (keep(points)) cuts.push({ host: copyOf(host), after });
    },
  };
  return { state: await executeRun(program, portsOf(host, program, life), start), cuts, points };
}

/** Events and receipts are never changed, so that they need not be copied. */
export function copyOf({ model, events, receipts, ...rest }: Host): Host {
  return { ...rest, model: structuredClone(model), events: [...events], receipts: { ...receipts } };
}

function portsOf(host: Host, program: Program, life: Life): Ports {
  const clock = virtualClock((host.events.at(-1)?.at ?? 1_700_000_000_000) + 1_000);
  const never = new AbortController();
  const world: World = { model: host.model, life };
  return {
    clock,
    journal: {
      async append(body: RunEventBody) {
        const event = { ...body, run: program.run, seq: host.events.length + 1, at: clock.now() } as RunEvent;
        host.events.push(structuredClone(event));
        life.point(`event ${event.seq} ${event.type}`);
        return event;
      },
    },
    receipts: {
      async write(name, receipt, content) {
        const file = `${receipt}-${name}.json`;
        host.receipts[file] = structuredClone(content);
        life.point(`file ${file}`);
        return { file, hmac: 'h' };
      },
      read: async ({ file }) => structuredClone(host.receipts[file] ?? null),
    },
    world: worldPort(host, program, { world, clock }),
    control: { cancel: never.signal, abandon: never.signal },
    actor: { user: 'ann', host: 'vm' },
    process: { pid: 1, host: 'vm', started: '1', boot: 'b' },
    watch: () => undefined,
  };
}

function worldPort(host: Host, program: Program, { world, clock }: { world: World; clock: Clock }): Ports['world'] {
  const registry = fakeStackRegistry(world);
  const releases = releasesOf(world);
  const known = knownOf(program, registry);
  const look = (signal: AbortSignal) => fakeLook(world, program.target.release, { clock, signal });
  const { life, model } = world;
  return {
    look,
    scrubbedLook: look,
    find: (uses) => registry.find(uses),
    types: () => known.types,
    factNames: known.factNames,
    facts: async () => factsOf(world, look(new AbortController().signal)),
    context: {
      releases,
      folder: '/nowhere',
      secret: async () => 'secret',
      evidence: async (_, bytes) => bytes.length,
    },
    async adopt() {
      if (model.releases.length > 0 || model.containers.length === 0) return undefined;
      await releases.write({ ...FOUND, project: 'shop' }, {});
      return 'found';
    },
    completeAdoption: async () => undefined,
    async capture() {
      host.captured = JSON.stringify(exactly(model));
      life.point('before.json');
      return { ran_before: model.containers.some(({ state }) => state === 'running') };
    },
    async before() {
      const services = Object.keys(model.file).map((name) => [name, { running: true, healthy: true }]);
      return { services: Object.fromEntries(services) };
    },
    async compare() {
      const now = JSON.stringify(exactly(model));
      return { differences: now === host.captured ? [] : [`it is ${now}, it was ${host.captured}`], say: 'compared' };
    },
    unreachable: async () => undefined,
    mask: (line) => line,
  };
}

type Known = { types: ReturnType<typeof scopeTypes>; factNames: string[] };
const knownOfPrograms = new WeakMap<Program, Known>();

/** The same for every process that carries a program. */
function knownOf(program: Program, registry: Registry): Known {
  const { playbook } = program;
  const known = knownOfPrograms.get(program) ?? {
    types: scopeTypes(playbook, registry),
    factNames: factsNeeded(playbook),
  };
  knownOfPrograms.set(program, known);
  return known;
}

const FOUND: Omit<Release, 'files'> = {
  id: 'found',
  project: 'shop',
  engine_id: 'E',
  created_at: 0,
  compose_version: '2.26.1',
  profiles: [],
  services: {},
  fingerprints: {},
};

/** What reading needs, on the fake stack. */
export function fakeLook(world: World, release: string | undefined, on: Pick<Look, 'clock' | 'signal'>): Look {
  const found = world.model.releases.find(({ id }) => id === release);
  return {
    ...on,
    target: { directory: '/shop', files: [], env_files: [], profiles: [], env: {} },
    resources: { once: (_, open) => open() },
    releases: releasesOf(world),
    playbook_dir: '/shop',
    env: {},
    hmac: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    busy: async () => [],
    measured: async () => [],
    ...(found && { release: structuredClone(found) }),
  };
}
