import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../errors.ts';
import { HOOK_NAMES, type HookName } from './names.ts';
import { BEFORE, isOurs } from './script.ts';

/** What stands in a folder of hooks under a name; `kept`: the hook that was there before ours. */
export type HookFile = { name: HookName; file: string; is: 'ours' | 'none' | 'other'; kept: boolean };

export async function hookFiles(folder: string): Promise<HookFile[]> {
  return Promise.all(HOOK_NAMES.map((name) => hookFile(folder, name)));
}

export async function hookFile(folder: string, name: HookName): Promise<HookFile> {
  const file = join(folder, name);
  const kept = (await lstat(file + BEFORE).catch(() => undefined)) !== undefined;
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return { name, file, is: 'none', kept };
  // A link leads to a file of somebody else's, or to nothing: it is moved aside as it is.
  const ours = found.isFile() && isOurs(await readFile(file, 'utf8'));
  return { name, file, is: ours ? 'ours' : 'other', kept };
}

/** Puts our hook in place, whole or not at all; one that was there before is kept beside it. */
export async function writeHook({ name, file, is, kept }: HookFile, text: string): Promise<'new' | 'same' | 'changed'> {
  if (is === 'other' && kept) throw twice(name, file);
  if (is === 'ours' && (await readFile(file, 'utf8')) === text) return 'same';
  await mkdir(join(file, '..'), { recursive: true });
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode: 0o755, flag: 'wx' });
  await chmod(next, 0o755);
  if (is === 'other') await rename(file, file + BEFORE);
  await rename(next, file);
  return is === 'ours' ? 'changed' : 'new';
}

/** Takes our hook away, and puts the one from before back. */
export async function removeHook({ file, kept }: HookFile): Promise<void> {
  if (kept) await rename(file + BEFORE, file);
  else await rm(file);
}

function twice(name: HookName, file: string): Refusal {
  return new Refusal('usage', `Somebody else has written ${file} since, and ${name}${BEFORE} is there already.`, {
    hint: 'Join the two by hand, or remove one of them, and install again.',
  });
}
