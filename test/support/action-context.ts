import { createHmac } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyAction, Change, Json, Look, Release, RunContext } from '../../src/runner/contract.ts';

/** What an action did with its context, for a test to look at. */
export type Bench = {
  look: Look;
  context: RunContext;
  receipts: Json[];
  logged: string[];
  measured: Record<string, number>;
  evidence: Record<string, string>;
  /** Plans, then runs the action as the engine does; gives its outputs. */
  run(action: AnyAction, params: Record<string, unknown>): Promise<Record<string, Json>>;
  plan(action: AnyAction, params: Record<string, unknown>, earlier?: Change[]): Promise<Change[]>;
  /** Undoes every receipt, last first; gives what was said. */
  undo(action: AnyAction): Promise<string[]>;
  settle(action: AnyAction): Promise<string[]>;
  /** Aborts the signal of look and context, as a cancel or a timeout does. */
  cancel(): void;
  /** Called with each receipt, before the change. */
  onRecord?: (receipt: Json) => Promise<void>;
};

export type BenchOptions = {
  project?: string;
  releases?: Release[];
  profiles?: string[];
  frozen?: string;
  env?: Record<string, string>;
  receipts?: readonly Json[];
};

/** A context made by hand for a stack in a folder: the real engine, but no journal and no store. */
export async function bench(directory: string, options: BenchOptions = {}): Promise<Bench> {
  const folder = await mkdtemp(join(directory, '../run-'));
  const cancelled = new AbortController();
  const receipts: Json[] = [...(options.receipts ?? [])];
  const logged: string[] = [];
  const measured: Record<string, number> = {};
  const evidence: Record<string, string> = {};
  const opened = new Map<string, unknown>();
  const look: Look = {
    target: {
      directory,
      files: [],
      env_files: [],
      profiles: options.profiles ?? [],
      env: {},
      ...(options.project && { project: options.project }),
    },
    signal: cancelled.signal,
    clock,
    resources: {
      once<T>(key: string, open: () => T): T {
        if (!opened.has(key)) opened.set(key, open());
        return opened.get(key) as T;
      },
    },
    releases: { list: async () => options.releases ?? [], read: async () => new Uint8Array() },
    playbook_dir: directory,
    env: Object.fromEntries(
      Object.entries({ ...process.env, ...options.env }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      ),
    ),
    hmac: (bytes) => createHmac('sha256', 'test').update(bytes).digest('hex'),
    measured: async (what) => (measured[what] === undefined ? [] : [measured[what]]),
    busy: async () => [],
    ...(options.frozen && { frozen: options.frozen }),
  };
  const context: RunContext = {
    look,
    run: 'test',
    get changed() {
      return receipts.length > 0;
    },
    signal: look.signal,
    clock,
    releases: {
      ...look.releases,
      write: async () => Promise.reject(new Error('no releases here')),
      remove: async () => undefined,
      markRestored: async () => undefined,
      nextId: async () => 'r1',
    },
    folder,
    log: (line) => void logged.push(line),
    progress: () => undefined,
    evidence: async (name, bytes) => void Object.assign(evidence, { [name]: String(bytes) }),
    measure: (what, ms) => void Object.assign(measured, { [what]: ms }),
    secret: async () => '',
    async record(receipt) {
      receipts.push(JSON.parse(JSON.stringify(receipt)) as Json);
      await made.onRecord?.(receipt);
    },
  };
  const each = async (work: (receipt: Json) => Promise<{ say: string } | undefined>, order: Json[]) => {
    const said: string[] = [];
    for (const receipt of order) {
      const done = await work(receipt);
      if (done) said.push(done.say);
    }
    return said;
  };
  const made: Bench = {
    look,
    context,
    receipts,
    logged,
    measured,
    evidence,
    plan: (action, params, earlier = []) => action.plan(params, look, earlier),
    async run(action, params) {
      await action.plan(params, look, []);
      return action.run(params, context);
    },
    async undo(action) {
      const { undo } = action;
      if (typeof undo !== 'function') throw new Error('there is no undo');
      return each((receipt) => undo(receipt, context), receipts.toReversed());
    },
    settle: (action) => each(async (receipt) => action.settle?.(receipt, context), receipts),
    cancel: () => cancelled.abort(new Error('cancelled')),
  };
  return made;
}

/** Writes the rendered file of the stack as a run does, and gives a bench that uses nothing else. */
export async function frozenBench(directory: string, text: string, options: BenchOptions = {}): Promise<Bench> {
  const file = join(await mkdtemp(join(directory, '../frozen-')), 'compose.json');
  await writeFile(file, text, { mode: 0o600 });
  return bench(directory, { ...options, frozen: file });
}

const clock = {
  now: () => Date.now(),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(signal.reason);
        },
        { once: true },
      );
    }),
};
