import { readFile } from 'node:fs/promises';
import type { RunEvent, RunStatus } from '../engine/events.ts';
import { runFolder } from '../history/run-folder.ts';
import type { Plan } from '../plan/types.ts';
import type { Invocation } from './command.ts';
import { findRun } from './find-run.ts';
import { readHistory } from './history-access.ts';
import { shownText } from './shown-text.ts';

/** What is known of a run, from this history or from a file of another one. */
export type Shown = {
  run: string;
  status: RunStatus;
  events: RunEvent[];
  plan(): Promise<Plan | undefined>;
  /** `file`: where it lies on this machine; `read` gives its text. */
  evidence(): Promise<{ name: string; bytes: number; file?: string; read(): Promise<string> }[]>;
};

/** `playbook show [RUN or FILE]`: what happened in a run, its journal, its plan, or what it kept as evidence. */
export async function show(invocation: Invocation): Promise<number> {
  const { args, flags, io } = invocation;
  const [named] = args;
  if (flags.export !== undefined) return (await import('./show-export.ts')).exportRun(invocation, flags.export);
  if (named !== undefined && isFile(named)) return (await import('./show-record.ts')).showRecord(invocation, named);
  io.out(await shownText(readShown(invocation), invocation));
  return 0;
}

/** Ids are letters and digits. */
function isFile(named: string): boolean {
  return /[./\\]/.test(named);
}

/** The run as this history has it. */
export function readShown(invocation: Invocation): Shown {
  const history = readHistory(invocation);
  try {
    const { run, status } = findRun(invocation.args[0], history);
    const events = history.store?.events(run) ?? [];
    const folder = runFolder(history.dir, run);
    return {
      run,
      status,
      events,
      async plan() {
        const { readProgramIfThere } = await import('../history/run-files.ts');
        return (await readProgramIfThere(folder))?.plan;
      },
      async evidence() {
        const { listEvidence } = await import('../history/evidence.ts');
        return (await listEvidence(folder)).map((kept) => ({ ...kept, read: () => readFile(kept.file, 'utf8') }));
      },
    };
  } finally {
    history.close();
  }
}
