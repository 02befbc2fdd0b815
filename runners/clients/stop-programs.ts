import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Carries a value of its own for each command, so that what left the command's group and session is found again (Linux). */
export const COMMAND_MARK = 'PLAYBOOK_COMMAND';

/** How long a program may take to end by itself when it is told to. */
const graceMs = 5_000;

let count = 0;

/** A value for `COMMAND_MARK` that no other command on this machine has. */
export function newCommandMark(): string {
  count += 1;
  return `${process.pid}.${count}`;
}

/**
 * Ends a program that was started as the leader of a group, with all of its group, and, where a mark is given, whatever
 * has it in its environment. Each is asked first; whoever is still there after the grace is killed.
 */
export async function stopPrograms(leader: number | undefined, mark?: string): Promise<void> {
  if (leader === undefined) return;
  const send = async (signal: NodeJS.Signals | 0): Promise<boolean> => {
    const group = signalTo(-leader, signal);
    const others = mark === undefined ? [] : await marked(mark);
    return others.map((pid) => signalTo(pid, signal)).includes(true) || group;
  };
  if (!(await send('SIGTERM'))) return;
  const end = Date.now() + graceMs;
  while (Date.now() < end) {
    await pause(50);
    if (!(await send(0))) return;
  }
  // Whoever starts others while it is being ended takes more than one round; one that cannot be killed is the system's.
  for (let rounds = 0; rounds < 20 && (await send('SIGKILL')); rounds += 1) await pause(50);
}

/** False when nobody is left there. */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // Gone, or somebody else's by now: nothing that could be ended from here.
    return false;
  }
}

async function marked(mark: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(pids.map(async (pid) => ((await hasMark(pid, mark)) ? [pid] : [])));
  return found.flat();
}

async function hasMark(pid: number, mark: string): Promise<boolean> {
  // A zombie has no environment any more, so it does not count.
  const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environ.split('\0').includes(`${COMMAND_MARK}=${mark}`);
}
