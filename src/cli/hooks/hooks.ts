import { join } from 'node:path';
import { Refusal } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';
import { nearest } from '../../playbook/nearest.ts';
import { jsonText } from '../../report/gate.ts';
import type { Invocation } from '../command.ts';
import { openGit } from '../wire.ts';
import type { Git } from './check-trees.ts';
import { type HookFile, hookFile, hookFiles, removeHook, writeHook } from './files.ts';
import { HOOK_NAMES, HOOKS, type HookName, isHookName } from './names.ts';
import { BEFORE, hookScript } from './script.ts';
import { scriptOptions } from './script-options.ts';

/** `playbook hooks`: lists, installs and takes away the hooks of the repository in this folder. */
export async function hooks(invocation: Invocation): Promise<number> {
  const [what = 'list', ...names] = invocation.args;
  const act = Object.hasOwn(ACTS, what) ? ACTS[what as keyof typeof ACTS] : undefined;
  if (act === undefined) throw unknown(what, Object.keys(ACTS));
  await act(await repository(invocation), names.map(known), invocation);
  return 0;
}

const ACTS = { list, install, uninstall };

async function list(
  { hooks: folder }: Repository,
  names: readonly HookName[],
  { flags, io }: Invocation,
): Promise<void> {
  const found = (await hookFiles(folder)).filter(({ name }) => names.length === 0 || names.includes(name));
  const ours = found.filter(({ is }) => is === 'ours');
  if (flags.json) return io.out(`${jsonText(found.map(asJson), 2)}\n`);
  for (const { name, kept } of ours) io.out(`${name.padEnd(13)} ${HOOKS[name].says}${kept ? andBefore(name) : ''}\n`);
  if (ours.length === 0) io.out(`No hook of playbook is installed in ${folder}.\n`);
}

function asJson({ name, file, is, kept }: HookFile): Record<string, string | boolean> {
  return { name, file, installed: is === 'ours', before: kept };
}

async function install(place: Repository, names: readonly HookName[], { flags, io }: Invocation): Promise<void> {
  if (names.length === 0) throw new Refusal('usage', 'Say which hooks.', { hint: `There are ${listed()}.` });
  const program = join(packageRoot(), 'bin/playbook.js');
  for (const name of names) {
    const options = scriptOptions(name, flags, { place, cwd: io.cwd });
    const found = await hookFile(place.hooks, name);
    const done = await writeHook(found, hookScript({ name, node: process.execPath, program, options }));
    const before = found.is === 'other' || found.kept ? andBefore(name) : '';
    const did = { new: 'installed', changed: 'written anew', same: 'is there already' }[done];
    if (!flags.quiet) io.out(`${did}: ${name}, which ${HOOKS[name].says}${before}\n`);
  }
}

async function uninstall(
  { hooks: folder }: Repository,
  names: readonly HookName[],
  { flags, io }: Invocation,
): Promise<void> {
  const found = await hookFiles(folder);
  const meant = found.filter(({ name, is }) => (names.length === 0 ? is === 'ours' : names.includes(name)));
  for (const hook of meant) {
    if (hook.is === 'ours') await removeHook(hook);
    const back = hook.kept ? '; the hook from before is back' : '';
    const did = hook.is === 'ours' ? `removed: ${hook.name}${back}` : `left as it is: ${hook.name} is none of ours`;
    if (!flags.quiet) io.out(`${did}\n`);
  }
  if (meant.length === 0 && !flags.quiet) io.out(`No hook of playbook is installed in ${folder}.\n`);
}

type Repository = NonNullable<Awaited<ReturnType<Git['place']>>>;

async function repository({ io }: Invocation): Promise<Repository> {
  const place = await (await openGit({ cwd: io.cwd, env: io.env })).place();
  if (place !== undefined) return place;
  throw new Refusal('usage', `${io.cwd} is no git repository.`, { hint: 'Go to the folder of the repository.' });
}

function known(name: string): HookName {
  if (isHookName(name)) return name;
  throw unknown(name, HOOK_NAMES);
}

function unknown(word: string, all: readonly string[]): Refusal {
  const guess = nearest(word, all);
  const hint = guess === undefined ? `There are ${all.join(', ')}.` : `Did you mean ${guess}?`;
  return new Refusal('usage', `hooks knows no ${word}.`, { hint });
}

function andBefore(name: HookName): string {
  return `, after the hook that was there before (${name}${BEFORE})`;
}

function listed(): string {
  return HOOK_NAMES.join(', ');
}
