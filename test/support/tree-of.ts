import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The files of a folder by path, without what is git's. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = paths.filter((path) => relative(folder, path).split('/')[0] !== '.git');
  const files = await Promise.all(
    own.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(files);
}
