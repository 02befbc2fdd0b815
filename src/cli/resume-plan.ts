import { outlook } from '../engine/outlook.ts';
import { foldEvents } from '../engine/state.ts';
import { readProgram } from '../history/run-files.ts';
import { runFolder } from '../history/run-folder.ts';
import { jsonText } from '../report/gate.ts';
import { printOutlook } from '../report/outlook.ts';
import type { Invocation } from './command.ts';
import { readHistory } from './history-access.ts';
import { type Wishes, wayOf } from './resume-way.ts';

/** `playbook resume RUN --plan`: what is kept, asked after, done again or taken back. Asks the journal alone, and changes nothing. */
export async function resumePlan(invocation: Invocation, run: string, wanted: Wishes): Promise<number> {
  const { flags, io } = invocation;
  const history = readHistory(invocation);
  try {
    const program = await readProgram(runFolder(history.dir, run));
    const state = foldEvents(history.store?.events(run) ?? []);
    const way = wayOf(program, state, wanted);
    const ways = 'ask' in way ? (['run', 'crash'] as const) : [way.intent];
    const because = 'ask' in way ? 'its playbook wants a person to be asked (on_crash: ask)' : way.because;
    const outlooks = ways.map((intent) => outlook(program, state, { intent, now: Date.now() }));
    const shown = { run, project: state.project, playbook: state.playbook, because, ways: outlooks };
    io.out(flags.json ? `${jsonText(shown, 2)}\n` : printOutlook(shown, io.style));
    return 0;
  } finally {
    history.close();
  }
}
