import type { RunEvent, RunEventBody } from '../../src/engine/events.ts';
import type { Control, Ports, World } from '../../src/engine/ports.ts';
import type { Program } from '../../src/engine/program.ts';
import type { Plan, PlannedChange } from '../../src/plan/types.ts';
import { plainSteps } from '../../src/playbook/nodes.ts';
import type { Playbook, Step } from '../../src/playbook/types.ts';
import type { Json, JsonSchema, Look, Releases } from '../../src/runner/contract.ts';
import { type FakeWorld, fakeRunners } from './fake-actions.ts';
import { virtualClock } from './virtual-clock.ts';

const place = { file: 'test.yml', line: 1, column: 1 };

/** A step as a playbook would have it after validation. */
export function step(id: string, uses: string, params: Record<string, Json>, more: Partial<Step> = {}): Step {
  return { id, uses, with: params, guards: [], pivot: false, place, ...more };
}

export function playbook(steps: Step[], more: Partial<Playbook> = {}): Playbook {
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

/** The program of a playbook on a fake world, planned as the real planner would. */
export async function programOf(world: FakeWorld, book: Playbook, guards: Plan['guards'] = []): Promise<Program> {
  const runners = fakeRunners(world);
  const changes: PlannedChange[] = [];
  const steps: Plan['steps'] = [];
  for (const each of plainSteps(book.steps)) {
    const action = runners[each.uses];
    if (action?.kind !== 'action') throw new Error(`no action ${each.uses}`);
    const planned = await action.plan(each.with as never, {} as Look, []);
    changes.push(...planned.map((change) => ({ ...change, step: each.id })));
    const impossible =
      typeof action.undo !== 'function' && 'impossible' in action.undo ? action.undo.impossible : undefined;
    const no_undo = each.undo && 'none' in each.undo ? each.undo.because : impossible;
    steps.push({
      id: each.id,
      uses: each.uses,
      pivot: each.pivot,
      effect: action.effect,
      timeout: each.timeout ?? 60_000,
      ...(no_undo === undefined ? {} : { no_undo }),
    });
  }
  const target = { directory: '/shop', files: [], env_files: [], profiles: [], env: {} };
  return {
    run: 'k3f9',
    playbook: book,
    target,
    inputs: {},
    tainted: [],
    overrides: [],
    started_by: 'test',
    plan: planWith(steps, changes, guards),
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
  // A mail that was sent is no part of the stack.
  const text = () => JSON.stringify([...world.values].filter(([name]) => name !== 'mail').sort());
  return {
    find: async (uses) => runners[uses],
    factNames: [],
    types: async () => ({ inputs: { type: 'object', properties: {} }, facts: {}, steps: stepTypes(runners) }),
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

/** Every id that the tests use has the outputs of a fake action: they are all the same. */
function stepTypes(runners: ReturnType<typeof fakeRunners>): Record<string, JsonSchema> {
  const action = runners['fake.set'];
  if (action?.kind !== 'action') throw new Error('no fake.set');
  return Object.fromEntries(['a', 'b', 'c', 'flaky'].map((id) => [id, action.outputs]));
}
