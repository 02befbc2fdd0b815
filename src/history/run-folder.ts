import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { discard, makePrivateFolder, safeFileName } from './private-file.ts';

/** The folder of a run (0700): what it is bound to, its receipts and the evidence it kept. */
export function runFolder(dir: string, run: string): string {
  return join(runsFolder(dir), safeFileName(run));
}

/** Makes the run's folder with the places for receipts and evidence; gives its path. */
export async function createRunFolder(dir: string, run: string): Promise<string> {
  const folder = runFolder(dir, run);
  await makePrivateFolder(join(folder, 'receipts'));
  await makePrivateFolder(join(folder, 'evidence'));
  return folder;
}

/** Takes away what a killed process had half made: files written aside, and contents on their way into a container. */
export async function clearHalfMade(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((path) => HALF_MADE.test(path))) await discard(join(folder, name));
}

const HALF_MADE = /\.[0-9a-f]{12}\.tmp$|^contents-\w{6}$/;

export const runsFolder = (dir: string): string => join(dir, 'runs');
