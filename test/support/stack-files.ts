import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './images.ts';

/** The files of `fixtures/stacks/NAME`, for `withStack`, with an `.env` that gives images and port names of the test's own. */
export async function stackFiles(name: string, among = 'stacks'): Promise<Record<string, string>> {
  const folder = join(root, 'fixtures', among, name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== PLAN)
    .map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const),
  );
  const texts = Object.fromEntries(files);
  return { ...texts, '.env': `${texts['.env'] ?? ''}\nIMAGES=$PROJECT\nPORT=$PORT\n` };
}

/** The expected text of its plan lies beside its files, and is none of them. */
export const PLAN = 'plan.txt';
