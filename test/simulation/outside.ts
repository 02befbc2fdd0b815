import { kill } from './endings.ts';
import { programOf } from './plan.ts';
import { bookOf } from './playbooks.ts';
import { launch } from './processes.ts';
import { ACTOR, type Sim, type SimProcess } from './sim.ts';

const KINDS = {
  kill: 8,
  cancel: 4,
  'cancel twice': 2,
  'second run': 2,
  undo: 1,
  resume: 1,
  theft: 3,
  'clock jumps': 1,
  'engine away': 3,
  sick: 4,
  blind: 1,
} as const;

/** Now and then somebody, or something, does something to a run: people, machines, clocks, the world. */
export async function happen(sim: Sim): Promise<void> {
  const { random, faults, scheduler, world } = sim;
  if (sim.calm || faults.outsideLeft <= 0 || !random.chance(faults.outside)) return;
  faults.outsideLeft -= 1;
  const kind = random.weighted(KINDS);
  const alive = sim.processes.filter(({ state }) => state === 'alive');
  const process = alive.length > 0 ? random.pick(alive) : undefined;
  sim.tell(() => `outside: ${kind}${process ? ` (${process.name})` : ''}`);
  switch (kind) {
    case 'second run':
      await beginRun(sim);
      break;
    case 'clock jumps':
      scheduler.jump(random.pick([-30_000, 5_000, 90_000]));
      break;
    case 'engine away':
      world.awayUntil = scheduler.passed + random.pick([500, 6_000, 90_000]);
      break;
    case 'sick':
    case 'blind':
      world.health = kind === 'sick' ? 'bad' : 'unknown';
      scheduler.after(undefined, random.pick([1_000, 10_000, 700_000]), () => {
        world.health = 'good';
      });
      break;
    default:
      if (process) toProcess(sim, process, kind);
  }
}

/** A new run, planned now. */
export async function beginRun(sim: Sim): Promise<void> {
  const run = `r${sim.programs.size + 1}`;
  const things = Object.fromEntries(sim.things.map((name) => [name, sim.world.value(name)]));
  const book = bookOf(sim.random, things);
  const program = await programOf(run, book, sim.world);
  sim.programs.set(run, program);
  sim.invariants.planned(program, book);
  sim.tell(() => `${run} is planned: ${JSON.stringify(book.playbook)}`);
  launch(sim, { run, how: 'run' });
}

type Kind = 'kill' | 'cancel' | 'cancel twice' | 'undo' | 'resume' | 'theft';

function toProcess(sim: Sim, process: SimProcess, kind: Kind): void {
  const { run } = process;
  switch (kind) {
    case 'kill':
      kill(sim, process);
      break;
    case 'cancel':
      process.cancel.abort(ACTOR);
      break;
    case 'cancel twice':
      process.cancel.abort(ACTOR);
      sim.scheduler.post(process, () => process.abandon.abort(ACTOR));
      break;
    case 'undo':
    case 'resume':
      if (sim.store.findRun(run)) launch(sim, { run, how: kind });
      break;
    case 'theft':
      if (sim.store.findRun(run)) launch(sim, { run, how: sim.random.pick(['undo', 'resume']), thief: true });
  }
}
