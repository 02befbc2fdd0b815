import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { executeRun, type Start } from '../engine/engine.ts';
import type { Actor, Glimpse, RunEvent } from '../engine/events.ts';
import type { Control, World } from '../engine/ports.ts';
import type { Program } from '../engine/program.ts';
import type { RunState } from '../engine/run-state.ts';
import { storeJournal } from '../history/journal.ts';
import { endLeftPrograms, RUN_MARK } from '../history/left-programs.ts';
import { fileReceipts } from '../history/receipts.ts';
import { storeReleases } from '../history/releases.ts';
import { freezeCompose, frozenFile, pinProgram } from '../history/run-files.ts';
import { clearHalfMade, createRunFolder, runFolder } from '../history/run-folder.ts';
import type { Registry } from '../runner/registry.ts';
import { systemClock } from './clock.ts';
import type { LiveControl } from './control.ts';
import type { OpenHistory } from './history-access.ts';
import { type Holding, letGo, takeHold, type Wanted } from './holding.ts';
import { createLook, type LookOptions } from './look.ts';
import { createResources, type OpenResources } from './resources.ts';
import { scrubbedEnv, variablesOf } from './scrubbed-env.ts';
import type { Secrets } from './secrets.ts';
import { engineLock } from './wire.ts';
import { createWorld, type StackTools } from './world.ts';

export type SessionOptions = {
  program: Program;
  history: OpenHistory;
  registry: Registry;
  tools: StackTools;
  secrets: Secrets;
  /** Of this process; opened and closed by whoever began it. */
  resources: OpenResources;
  control: LiveControl;
  actor: Actor;
  env: Readonly<Record<string, string>>;
  watch(event: RunEvent | Glimpse): void;
  /** Told what is waited for while another run holds the stack. */
  waiting(say: string): void;
  /** Told what a person should know and no event says. */
  remark(say: string): void;
};

/** Carries a new run from the lock to its end; `frozen` is the rendered Compose file it works with. */
export async function beginRun(options: SessionOptions, frozen: string): Promise<RunState> {
  return withHold(options, async (holding) => {
    const folder = await createRunFolder(options.history.dir, options.program.run);
    await freezeCompose(folder, frozen);
    await pinProgram(folder, options.program);
    return execute(options, holding, { intent: 'run' });
  });
}

/** Goes on with a run of the history, forward or back; `start` is asked once nobody else can add to what the run has done. */
export async function takeUpRun(options: SessionOptions, start: () => Start): Promise<RunState> {
  return withHold(options, async (holding) => {
    await endLeftPrograms(runFolder(options.history.dir, options.program.run), systemClock);
    return execute(options, holding, start());
  });
}

/** A run that has not come to its end keeps its stack: only undo or resume may follow. */
async function withHold(options: SessionOptions, work: (holding: Holding) => Promise<RunState>): Promise<RunState> {
  const wanted = wantedOf(options);
  const holding = await takeHold(wanted);
  try {
    const state = await work(holding);
    if (state.ended_at === undefined && state.parked === undefined) holding.keeper?.lost.throwIfAborted();
    return state;
  } finally {
    const left = await letGo(holding, wanted);
    if (left !== undefined)
      options.remark(`The lock on the engine stays until the next run here takes it over: ${left}`);
  }
}

function wantedOf({ program, history, control, waiting, env, resources }: SessionOptions): Wanted {
  const { project, engine_id } = program.plan.stack;
  const { target, playbook } = program;
  const options = { target, env, resources, playbook_dir: dirname(playbook.file), memory: history.memory };
  return {
    program,
    env,
    waiting,
    store: history.store,
    state_dir: history.dir,
    clock: systemClock,
    signal: control.cancel,
    lock: (signal) => engineLock(createLook({ ...options, signal }, async () => ({ project, engine_id }))),
  };
}

async function execute(options: SessionOptions, { lease, keeper }: Holding, start: Start): Promise<RunState> {
  const { program, history, secrets, control, actor, watch } = options;
  const folder = runFolder(history.dir, program.run);
  await clearHalfMade(folder);
  // Undo gets its own: what was asked in the user's environment is not asked again in the scrubbed one.
  const scrubbed = createResources();
  const world = await worldOf(options, { folder, scrubbed, again: start.state !== undefined });
  const { run } = program;
  const journal = storeJournal(history.store, { run, fence: lease.fence, clock: systemClock, mask: secrets.mask });
  const ports = {
    clock: systemClock,
    journal: keeper === undefined ? journal : keeper.fence(journal),
    receipts: fileReceipts(folder, history.key),
    world,
    control: keeper === undefined ? control : stoppedBy(keeper.lost, control),
    actor,
    process: lease.holder,
    watch,
  };
  try {
    return await executeRun(program, ports, start);
  } finally {
    scrubbed.close();
  }
}

/** A run whose stack was taken from it must not even put back what it changed: another one is at work. */
function stoppedBy(lost: AbortSignal, { cancel, abandon }: Control): Control {
  return { cancel, abandon: AbortSignal.any([abandon, lost]) };
}

type Place = { folder: string; scrubbed: OpenResources; again: boolean };

async function worldOf(options: SessionOptions, { folder, scrubbed, again }: Place): Promise<World> {
  const { program, history, registry, tools, secrets, resources } = options;
  const { project, engine_id } = program.plan.stack;
  const stack = { project, engine_id };
  const releases = storeReleases(history.store, history.dir, stack);
  const release = (await releases.list()).find(({ id }) => id === program.target.release);
  const lookWith = (how: Pick<LookOptions, 'env' | 'resources' | 'signal'>) =>
    createLook(
      {
        ...how,
        target: program.target,
        playbook_dir: dirname(program.playbook.file),
        frozen: frozenFile(folder),
        ...(release && { release }),
        memory: history.memory,
      },
      async () => stack,
    );
  const mark = { [RUN_MARK]: folder };
  const asked = variablesOf(await readFile(frozenFile(folder), 'utf8'));
  const fewer = { ...scrubbedEnv(options.env, program.playbook.secrets, asked), ...mark };
  // What is put back or taken up again was resolved when it was recorded; nothing of today's shell may change it (F45).
  const env = program.target.release === undefined && !again ? { ...options.env, ...mark } : fewer;
  return createWorld({
    playbook: program.playbook,
    registry,
    tools,
    secrets,
    folder,
    releases,
    look: (signal) => lookWith({ env, resources, signal }),
    scrubbedLook: (signal) => lookWith({ env: fewer, resources: scrubbed, signal }),
  });
}
