import { wayOn } from '../../src/engine/crash-policy.ts';
import { executeRun, type Start } from '../../src/engine/engine.ts';
import type { Program } from '../../src/engine/program.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { Refusal } from '../../src/errors.ts';
import { acquireLease } from '../../src/history/lock.ts';
import { end } from './endings.ts';
import { typesOf } from './plan.ts';
import { portsOf } from './ports.ts';
import { type Sim, type SimProcess, STACK } from './sim.ts';

/** `thief`: it holds every other process for dead. */
export type Launch = { run: string; how: SimProcess['how']; thief?: boolean };

/** Starts a process that carries a run, or tries to: from the lock to the end of the run, as `src/cli/session.ts` does. */
export function launch(sim: Sim, { run, how, thief = false }: Launch): SimProcess {
  const pid = sim.processes.length + 1;
  const process: SimProcess = {
    name: `p${pid}`,
    ref: { pid, host: 'sim', started: '1', boot: 'b' },
    run,
    how,
    state: 'alive',
    cancel: new AbortController(),
    abandon: new AbortController(),
  };
  sim.processes.push(process);
  sim.tell(() => `${process.name}: begins: ${how} ${run}${thief ? ', and holds all others for dead' : ''}`);
  carry(sim, process, thief).then(
    (say) => end(sim, process, say),
    (thrown: unknown) => {
      if (!isExpected(process, thrown)) sim.invariants.violated(`${process.name} threw ${said(thrown)}`);
      end(sim, process, thrown instanceof Error ? thrown.message : 'cancelled');
    },
  );
  return process;
}

async function carry(sim: Sim, process: SimProcess, thief: boolean): Promise<string> {
  const { store, scheduler, invariants } = sim;
  const { run, how, ref } = process;
  const program = sim.programs.get(run);
  if (!program) throw new Error(`there is no run ${run}`);
  const isAlive = ({ pid }: { pid: number }) => !thief && sim.processes[pid - 1]?.state === 'alive';
  const wanted = { ...STACK, run, process: ref, isAlive };
  const clock = scheduler.clockOf(process);
  const lease = await acquireLease(store, wanted, program.playbook.lock.wait, clock, process.cancel.signal);
  process.lease = lease;
  invariants.acquired(process, thief);
  const state = how === 'run' ? undefined : foldEvents(store.events(run));
  if (state && !mayGoOn(state, how)) {
    store.release(lease);
    return 'there is nothing to do';
  }
  const ports = portsOf(sim, process, typesOf(program.playbook.steps));
  const ended = await executeRun(program, ports, state ? startOf(sim, program, state, how) : { intent: 'run' });
  invariants.returned(process, ended);
  if (ended.ended_at !== undefined) store.release(lease);
  return ended.ended_at === undefined ? 'left unfinished' : ended.status;
}

/** What a person wants of a run that is taken up: `undo`, or what its playbook says, with a word about a parked step. */
function startOf(sim: Sim, program: Program, state: RunState, how: SimProcess['how']): Start {
  if (how === 'undo') return { state, intent: 'undo' };
  const decided = state.parked && sim.random.chance(0.8) ? decide(sim, state.parked.step, program.run) : undefined;
  const asked = decided ? 'resume' : undefined;
  const way = wayOn(program, state, asked);
  const { intent } = 'ask' in way ? { intent: sim.random.pick(['run', 'crash'] as const) } : way;
  return { state, intent, ...(decided && { decided }) };
}

/** Who decides has looked: what was asked for has happened by then, or never will. Now and then they want it again all the same. */
function decide(sim: Sim, step: string, run: string): NonNullable<Start['decided']> {
  const name = sim.invariants.nameOf(run, step);
  sim.world.arrive(name);
  const happened = sim.invariants.happened(run, step);
  const as = sim.random.chance(0.2) ? 'retry' : happened ? 'done' : 'not-done';
  return { step, as };
}

/** As the commands see it: what has ended is not resumed, and only what is not all back is undone again. */
export function mayGoOn(state: RunState, how: SimProcess['how']): boolean {
  if (state.ended_at === undefined) return true;
  if (how !== 'undo' || state.pivot_passed !== undefined) return false;
  return state.status === 'partially-rolled-back' || state.receipts.some(({ status }) => status !== 'undone');
}

/** Refused the stack, told to stop while it waited for it, or stopped by its journal: all else that comes out of a run is a bug. */
function isExpected({ lease, cancel, refused }: SimProcess, thrown: unknown): boolean {
  if (lease) return refused !== undefined && refused.by === thrown;
  if (thrown instanceof Refusal) return thrown.reason === 'locked';
  return cancel.signal.aborted && thrown === cancel.signal.reason;
}

function said(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : JSON.stringify(thrown);
}
