import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOfFile, safeFileName, writePrivateFile } from './private-file.ts';
import { storageTrouble } from './trouble.ts';

/** Keeps bytes as evidence of a run (0600); gives how many. Any name is safe: `../x` stays inside the folder. */
export async function keepEvidence(folder: string, name: string, bytes: string | Uint8Array): Promise<number> {
  await writePrivateFile(evidenceFile(folder, name), bytes);
  return Buffer.byteLength(bytes);
}

/** What a run has kept, by name. */
export async function listEvidence(folder: string): Promise<{ name: string; file: string; bytes: number }[]> {
  const place = join(folder, 'evidence');
  try {
    const files = (await readdir(place)).filter((file) => !file.endsWith('.tmp')).sort();
    return await Promise.all(
      files.map(async (file) => ({
        name: nameOfFile(file),
        file: join(place, file),
        bytes: (await stat(join(place, file))).size,
      })),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storageTrouble(error, place);
  }
}

export async function readEvidence(folder: string, name: string): Promise<Uint8Array> {
  const file = evidenceFile(folder, name);
  try {
    return await readFile(file);
  } catch (error) {
    throw storageTrouble(error, file);
  }
}

const evidenceFile = (folder: string, name: string): string => join(folder, 'evidence', safeFileName(name));
