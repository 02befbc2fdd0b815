import { isAbsolute, relative } from 'node:path';

/** A path as people read it best: from the current folder, where that is shorter. */
export function shortPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const near = relative(cwd, path);
  return near !== '' && near.length < path.length ? near : path;
}
