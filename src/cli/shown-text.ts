import { foldEvents } from '../engine/state.ts';
import { Refusal } from '../errors.ts';
import { printPlan } from '../plan/print.ts';
import { printEvents } from '../report/events.ts';
import { printEvidence } from '../report/evidence.ts';
import { jsonText } from '../report/gate.ts';
import { printRun } from '../report/run.ts';
import { runJson } from '../report/run-json.ts';
import type { Invocation } from './command.ts';
import { shortPath } from './short-path.ts';
import type { Shown } from './show.ts';

/** What was asked for of a run, as text: the run itself, its journal, its plan or its evidence. */
export async function shownText(shown: Shown, { flags, io }: Invocation): Promise<string> {
  const { run, status, events } = shown;
  if (flags.events) return flags.json ? events.map((event) => `${jsonText(event)}\n`).join('') : printEvents(events);
  if (flags.evidence) return flags.json ? evidenceJson(shown) : evidenceText(shown, io.cwd);
  if (flags.plan !== undefined) {
    const plan = await shown.plan();
    if (!plan) throw new Refusal('usage', `Run ${run} was bound to no plan: it ended before it had its stack.`);
    return flags.json ? `${jsonText(plan, 2)}\n` : printPlan(plan, io.style);
  }
  // The journal of a killed run ends as if it were still going on; who reads the list of runs knows better.
  const state = { ...foldEvents(events), status };
  return flags.json ? `${jsonText(runJson(state), 2)}\n` : printRun(state, io.style);
}

async function evidenceJson(shown: Shown): Promise<string> {
  const kept = await shown.evidence();
  return `${jsonText(
    kept.map(({ name, file, bytes }) => ({ name, file, bytes })),
    2,
  )}\n`;
}

async function evidenceText(shown: Shown, cwd: string): Promise<string> {
  const kept = await shown.evidence();
  if (kept.length === 0) return `Run ${shown.run} kept no evidence.\n`;
  const read = kept.map(async ({ name, file, read: text }) => ({
    name,
    text: await text(),
    ...(file !== undefined && { place: shortPath(file, cwd) }),
  }));
  return printEvidence(await Promise.all(read));
}
