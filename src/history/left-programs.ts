import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../runner/contract.ts';
import { stat } from './process-ref.ts';

/** The variable that tells the programs of a run from all others; its value is the run's folder. */
export const RUN_MARK = 'PLAYBOOK_RUN';

/**
 * Ends the programs that a killed process of this run left going: they have process groups of their own, and would go on
 * changing what an undo has just put back. Only where the system shows processes and their environments (Linux).
 */
export async function endLeftPrograms(folder: string, clock: Clock): Promise<void> {
  let groups = leftGroups(folder);
  if (groups.length === 0) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const group of groups) signalGroup(group, signal);
    const until = clock.now() + PATIENCE;
    while (groups.length > 0 && clock.now() < until) {
      await clock.sleep(50);
      groups = groups.filter((group) => signalGroup(group, 0));
    }
  }
  // The engine comes to an end with what they have asked for.
  await clock.sleep(ENGINE_GOES_ON);
}

const PATIENCE = 5_000;
const ENGINE_GOES_ON = 1_000;

/** Process groups whose first process is of the run and still there: what a step meant to leave behind has lost its own. */
function leftGroups(folder: string): number[] {
  return processes().filter((pid) => {
    if (pid === process.pid || !hasMark(pid, folder)) return false;
    const seen = stat(pid);
    return seen?.group === pid && !seen.ended;
  });
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    // Not Linux: nothing can be seen from here.
    return [];
  }
}

function hasMark(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${RUN_MARK}=${folder}`);
  } catch {
    // Gone meanwhile, or somebody else's.
    return false;
  }
}

/** False where nobody is left in it, or it is not ours to end. */
function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) return false;
    throw error;
  }
}
