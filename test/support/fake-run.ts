import type { RunEvent, RunEventBody } from '../../src/engine/events.ts';
import type { Control, Ports, World } from '../../src/engine/ports.ts';
import type { Program } from '../../src/engine/program.ts';
import type { ScopeTypes } from '../../src/expression/scope.ts';
import { planSteps } from '../../src/plan/steps.ts';
import { planTriggers } from '../../src/plan/triggers.ts';
import type { Plan, PlannedChange } from '../../src/plan/types.ts';
import type { LoopStep, ParallelStep, Playbook, Step, StepNode, TriggerUse } from '../../src/playbook/types.ts';
import type { Json, JsonSchema, Look, Releases } from '../../src/runner/contract.ts';
import { type FakeWorld, fakeRunners } from './fake-actions.ts';
import { virtualClock } from './virtual-clock.ts';

const place = { file: 'test.yml', line: 1, column: 1 };

/** A step as a playbook would have it after validation. */
export function step(id: string, uses: string, params: Record<string, Json>, more: Partial<Step> = {}): Step {
  return { id, uses, with: params, guards: [], pivot: false, place, ...more };
}

/** A `for_each` as a playbook would have it after validation. */
export function loop(id: string, over: string, inside: StepNode[], more: Partial<LoopStep> = {}): LoopStep {
  return { kind: 'for_each', id, in: over, as: 'item', allow: 0, do: inside, pivot: false, place, ...more };
}

export function parallel(id: string, inside: Step[]): ParallelStep {
  return { kind: 'parallel', id, parallel: inside, pivot: false, place };
}

export function trigger(id: string, name: string, more: Partial<TriggerUse> = {}): TriggerUse {
  const trip = { bad: 1, of: 1 };
  return { id, uses: 'fake.watch', with: { name }, from: 'start', trip, no_data: 'ignore', place, ...more };
}

export function playbook(steps: StepNode[], more: Partial<Playbook> = {}): Playbook {
  return {
    version: 'v1',
    name: 'test',
    file: '/test.yml',
    inputs: {},
    secrets: {},
    target: {},
    lock: { wait: 0 },
    on_crash: 'undo',
    guards: [],
    steps,
    rollback: { on: ['failure', 'timeout', 'cancel', 'trigger'], verify: [], triggers: [] },
    always: [],
    ...more,
  };
}

/** The program of a playbook on a fake world, planned by the real planner. */
export async function programOf(world: FakeWorld, book: Playbook, guards: Plan['guards'] = []): Promise<Program> {
  const runners = fakeRunners(world);
  const options = {
    playbook: book,
    registry: { names: [], factNames: [], find: async (uses: string) => runners[uses], facts: async () => undefined },
    look: { clock: virtualClock() } as unknown as Look,
    scope: { inputs: {}, facts: {}, steps: {}, types: typesOf(runners) },
    overrides: [],
    actor: { user: 'ann', host: 'vm' },
  };
  const draft = await planSteps(options);
  const { triggers, verdicts } = await planTriggers(draft, options);
  const target = { directory: '/shop', files: [], env_files: [], profiles: [], env: {} };
  const plan = planWith(draft.steps, draft.changes, [...guards, ...verdicts]);
  return {
    run: 'k3f9',
    playbook: book,
    target,
    inputs: {},
    tainted: [],
    overrides: [],
    started_by: 'test',
    plan: { ...plan, triggers },
  };
}

function planWith(steps: Plan['steps'], changes: PlannedChange[], guards: Plan['guards']): Plan {
  return {
    plan_id: '7f3a91c0',
    playbook: { name: 'test', file: '/test.yml' },
    stack: {
      project: 'shop',
      directory: '/shop',
      files: [],
      services: 0,
      profiles: [],
      engine_id: 'E',
      engine_name: 'vm',
      engine_version: '26.1.5',
      compose_version: '2.26.1',
    },
    inputs: {},
    verdict: 'changes',
    guards,
    steps,
    changes,
    triggers: [],
    way_back: { until: '', impossible: [] },
    duration: { runs: 0 },
    from_shell: [],
    by: 'anna@vm',
    warnings: [],
    bound: {},
  };
}

export class Crash extends Error {}

/** What outlives a process: the journal and the receipts. */
export type Disk = { events: RunEvent[]; receipts: Map<string, Json>; captured?: string };

export function emptyDisk(): Disk {
  return { events: [], receipts: new Map() };
}

export type FakeOptions = {
  /** The process dies once this many events are stored in all. */
  crashAfter?: number;
  control?: Control;
  watch?: (event: RunEvent) => void;
};

/** Ports over a disk that outlives a crash and a world that goes on without us. */
export function fakePorts(world: FakeWorld, disk: Disk, options: FakeOptions = {}): Ports {
  const clock = virtualClock(1_700_000_000_000 + disk.events.length * 1_000);
  let dead = false;
  const alive = () => {
    if (dead) throw new Crash('the process is dead');
  };
  const never = new AbortController();
  return {
    clock,
    journal: {
      async append(body: RunEventBody) {
        alive();
        const event = { ...body, run: 'k3f9', seq: disk.events.length + 1, at: clock.now() } as RunEvent;
        disk.events.push(structuredClone(event));
        if (disk.events.length === options.crashAfter) dead = true;
        alive();
        return event;
      },
    },
    receipts: {
      async write(name, receipt, content) {
        alive();
        const file = `${receipt}-${name}.json`;
        disk.receipts.set(file, structuredClone(content));
        return { file, hmac: 'h' };
      },
      async read(ref) {
        return disk.receipts.get(ref.file) ?? null;
      },
    },
    world: worldPort(world, disk, clock),
    control: options.control ?? { cancel: never.signal, abandon: never.signal },
    actor: { user: 'ann', host: 'vm' },
    process: { pid: 1, host: 'vm', started: '1', boot: 'b' },
    watch: (event) => {
      if ('seq' in event) options.watch?.(event);
    },
  };
}

function worldPort(world: FakeWorld, disk: Disk, clock: Ports['clock']): World {
  const runners = fakeRunners(world);
  const look = (signal: AbortSignal) => ({ signal, clock, env: {} }) as unknown as Look;
  // A mail that was sent is no part of the stack, nor is what is watched.
  const text = () => JSON.stringify([...world.values].filter(([name]) => name !== 'mail' && name !== 'web').sort());
  return {
    find: async (uses) => runners[uses],
    factNames: [],
    types: async () => typesOf(runners),
    facts: async () => ({}),
    look,
    scrubbedLook: look,
    context: {
      releases: {} as Releases,
      folder: '/nowhere',
      secret: async () => 'secret',
      evidence: async (_, bytes) => bytes.length,
    },
    adopt: async () => undefined,
    completeAdoption: async () => undefined,
    async capture() {
      disk.captured ??= text();
      return { ran_before: world.values.size > 0 };
    },
    before: async () => ({ services: {} }),
    async compare() {
      const differences = disk.captured === text() ? [] : [`it is ${text()}, it was ${disk.captured}`];
      return { differences, say: 'all is as it was' };
    },
    unreachable: async () => (world.engineAway > 0 ? 'the engine is away' : undefined),
    mask: (line) => line.replaceAll('hunter2', '***'),
  };
}

/** Ids and loop variables that the tests use: those that begin with `list` give a list, all others a value. */
function typesOf(runners: ReturnType<typeof fakeRunners>): ScopeTypes {
  const outputsOf = (uses: string): JsonSchema => {
    const action = runners[uses];
    if (action?.kind !== 'action') throw new Error(`no ${uses}`);
    return action.outputs;
  };
  const values = ['a', 'b', 'c', 'flaky', 'each'].map((id) => [id, outputsOf('fake.set')]);
  const item: JsonSchema = { type: 'string' };
  return {
    inputs: { type: 'object', properties: {} },
    facts: {},
    steps: { ...Object.fromEntries(values), list: outputsOf('fake.list'), inner: outputsOf('fake.list') },
    locals: { item, other: item, some: { type: 'array', items: item } },
  };
}
