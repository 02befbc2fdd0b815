import { leaveAll } from './client.ts';
import type { Sim, SimProcess } from './sim.ts';

/** `kill -9`: nothing of it goes on, but what it asked for may still happen. */
export function kill(sim: Sim, process: SimProcess): void {
  if (process.state !== 'alive') return;
  process.state = 'killed';
  leave(sim, process);
  sim.tell(() => `${process.name}: killed`);
}

/** It has nothing more to do. */
export function end(sim: Sim, process: SimProcess, say: string): void {
  if (process.state !== 'alive') return;
  process.state = 'ended';
  leave(sim, process);
  sim.tell(() => `${process.name}: ends: ${say}`);
}

function leave(sim: Sim, process: SimProcess): void {
  sim.scheduler.drop(process);
  leaveAll(sim, process);
}
