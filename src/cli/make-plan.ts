import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { writePrivateFile } from '../history/private-file.ts';
import { printPlan } from '../plan/print.ts';
import type { Plan } from '../plan/types.ts';
import { jsonText } from '../report/gate.ts';
import { printPlanMarkdown } from '../report/markdown.ts';
import type { Invocation } from './command.ts';
import { exitCodeOfPlan } from './exit-codes.ts';
import { readHistory } from './history-access.ts';
import type { Ahead } from './look-ahead.ts';
import { prepare, resolvePlaybook } from './prepare.ts';
import { type SavedPlan, savedPlan } from './saved-plan.ts';

/** Plans from reads alone; does not even make the state folder. */
export async function makePlan(invocation: Invocation, ahead: Ahead): Promise<number> {
  const { flags, io } = invocation;
  const { resolved, resources } = await resolvePlaybook(invocation, ahead);
  const history = readHistory(invocation);
  try {
    const { plan: made } = await prepare(resolved, resources, { invocation, history });
    if (flags.output !== undefined) await writePlan(resolve(io.cwd, flags.output), savedPlan(made, invocation));
    if (!flags.quiet || made.verdict === 'no-go') io.out(textOf(made, invocation));
    return exitCodeOfPlan(made.verdict, flags.detailedExitcode ? 'detailed' : 'plain');
  } finally {
    resources.close();
    history.close();
  }
}

function textOf(made: Plan, { flags, io }: Invocation): string {
  if (flags.json) return `${jsonText(made, 2)}\n`;
  return flags.md ? printPlanMarkdown(made) : printPlan(made, io.style);
}

async function writePlan(file: string, made: SavedPlan): Promise<void> {
  const text = `${jsonText(made, 2)}\n`;
  try {
    // It names images, paths and inputs of the stack: nobody else's business. A link or a file that somebody has put there
    // gives way; a pipe or a device gets the text.
    const there = await stat(file).catch(() => undefined);
    if (there === undefined || there.isFile()) await writePrivateFile(file, text);
    else await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal('usage', `The plan cannot be written: ${reason}.`, { cause: error });
  }
}
