import { join } from 'node:path';
import { makePrivateFolder, safeFileName } from './private-file.ts';

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

export const runsFolder = (dir: string): string => join(dir, 'runs');
