import { writeFileSync } from 'node:fs';
import { type Problem, Refusal } from '../errors.ts';
import { shippedPlaybooks } from '../package-root.ts';
import { lintPlaybook } from '../playbook/lint/lint.ts';
import { mended } from '../playbook/lint/mend.ts';
import { isError } from '../playbook/problems.ts';
import type { Registry } from '../runner/registry.ts';
import type { PlaybookSource } from './lookup.ts';

/** A playbook that was checked: what is left to say of it, and in how many places it was mended. */
export type Checked = { file: string; problems: readonly Problem[]; mends: number };

/** An error hides what the rules would say behind it: what is mended is looked at again. */
const ROUNDS = 5;

/** Mends what can be mended without a guess, and writes the file once, where that has made it better. */
export async function checkAndFix(source: PlaybookSource, registry: Registry): Promise<Checked> {
  const { file, text: before } = source;
  if (file.startsWith(shippedPlaybooks()))
    throw new Refusal('usage', `${file} comes with playbook, so it is not mended.`, {
      hint: 'Copy it, and fix the copy.',
    });
  const first = await lintPlaybook(source, registry);
  let [text, problems, mends] = [before, first, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = mended(text, problems);
    if (next.mends === 0) break;
    text = next.text;
    mends += next.mends;
    problems = await lintPlaybook({ file, text }, registry);
  }
  if (mends === 0) return { file, problems, mends };
  // Quotes at a place where they do not help would be worse than none.
  if (errorsIn(problems) > errorsIn(first)) return { file, problems: first, mends: 0 };
  write(file, text);
  return { file, problems, mends };
}

function errorsIn(problems: readonly Problem[]): number {
  return problems.filter(isError).length;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal('usage', `${file} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}
