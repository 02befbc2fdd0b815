import { foldEvents } from '../engine/state.ts';
import { Refusal } from '../errors.ts';
import { jsonText } from '../report/gate.ts';
import type { Style } from '../report/style.ts';
import type { Invocation } from './command.ts';
import { shortPath } from './short-path.ts';
import type { Shown } from './show.ts';

/** What was asked for of a run, as text: the run itself, its journal, its plan or its evidence. */
export async function shownText(shown: Shown, { flags, io }: Invocation): Promise<string> {
  const { status, events } = shown;
  if (flags.events) return flags.json ? events.map((event) => `${jsonText(event)}\n`).join('') : eventsText(shown);
  if (flags.evidence) return flags.json ? evidenceJson(shown) : evidenceText(shown, io.cwd);
  if (flags.plan !== undefined) return planText(shown, flags.json ? undefined : io.style);
  // The journal of a killed run ends as if it were still going on; who reads the list of runs knows better.
  const state = { ...foldEvents(events), status };
  // Each way of printing is loaded only where it is asked for: reading the history has to be quick.
  if (!flags.json) return (await import('../report/run.ts')).printRun(state, io.style);
  const { runJson } = await import('../report/run-json.ts');
  return `${jsonText(runJson(state), 2)}\n`;
}

async function eventsText({ events }: Shown): Promise<string> {
  const { printEvents } = await import('../report/events.ts');
  return printEvents(events);
}

/** As JSON where there is no style. */
async function planText(shown: Shown, style: Style | undefined): Promise<string> {
  const plan = await shown.plan();
  if (!plan) throw new Refusal('usage', `Run ${shown.run} was bound to no plan: it ended before it had its stack.`);
  if (!style) return `${jsonText(plan, 2)}\n`;
  const { printPlan } = await import('../plan/print.ts');
  return printPlan(plan, style);
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
  const { printEvidence } = await import('../report/evidence.ts');
  return printEvidence(await Promise.all(read));
}
