import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from './images.ts';

/** The files of `fixtures/stacks/NAME`, for `withStack`, with an `.env` that gives images and port names of the test's own. */
export async function stackFiles(name: string): Promise<Record<string, string>> {
  const folder = join(root, 'fixtures/stacks', name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const),
  );
  const texts = Object.fromEntries(files);
  return { ...texts, '.env': `${texts['.env'] ?? ''}\nIMAGES=$PROJECT\nPORT=$PORT\n` };
}
