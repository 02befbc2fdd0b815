import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../engine/program.ts';
import { writePrivateFile } from './private-file.ts';
import { damaged, storageTrouble } from './trouble.ts';

/** Pins all that the run is bound to: editing the playbook changes neither this run nor its resume. */
export async function pinProgram(folder: string, program: Program): Promise<void> {
  await writePrivateFile(programFile(folder), `${JSON.stringify(program, undefined, 2)}\n`);
}

/** What the run was bound to when it began. */
export async function readProgram(folder: string): Promise<Program> {
  const file = programFile(folder);
  const text = await readText(file);
  try {
    return JSON.parse(text) as Program;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(`What the run is bound to cannot be read: ${file} is no longer JSON (${error.message}).`, file);
  }
}

/** The same of any run: one that was refused or never had its stack was bound to nothing. */
export async function readProgramIfThere(folder: string): Promise<Program | undefined> {
  return existsSync(programFile(folder)) ? readProgram(folder) : undefined;
}

/** Keeps the rendered Compose file of the run, secrets and all (0600); gives its path, for `-f` and `Look.frozen`. */
export async function freezeCompose(folder: string, rendered: string): Promise<string> {
  const file = frozenFile(folder);
  await writePrivateFile(file, rendered);
  return file;
}

/** Where the rendered Compose file of a run lies; it is there once the run has frozen it. */
export const frozenFile = (folder: string): string => join(folder, 'compose.json');

const programFile = (folder: string): string => join(folder, 'program.json');

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw storageTrouble(error, file);
  }
}
