import { resolve, sep } from 'node:path';
import { Refusal } from '../../errors.ts';
import type { Flags } from '../command.ts';
import type { HookName } from './names.ts';

type Place = { place: { git_dir: string; hooks: string; top?: string }; cwd: string };

/** The playbooks that a hook was told of, by their paths in the repository. */
export function playbooksOf({ playbook = [] }: Pick<Flags, 'playbook'>): string[] {
  return playbook.flatMap((file) => ['--playbook', file]);
}

/** What the script of a hook that starts a playbook says to `playbook hook`; paths in full, for git calls it in another folder. */
export function startingOptions(name: HookName, flags: Flags, { place, cwd }: Place): string[] {
  const { playbook = [], input, stateDir } = flags;
  if (flags.folder === undefined || playbook.length !== 1)
    throw new Refusal('usage', `${name} needs --folder, the stack's folder, and one --playbook.`, {
      hint: 'The playbook is named by its path in the repository.',
    });
  const folder = resolve(cwd, flags.folder);
  requireApart(folder, place);
  return [
    '--folder',
    folder,
    ...playbooksOf(flags),
    ...Object.entries(input).flatMap(([key, value]) => ['--input', `${key}=${value}`]),
    ...(stateDir === undefined ? [] : ['--state-dir', resolve(cwd, stateDir)]),
  ];
}

/** What is pushed here must neither overwrite the work of somebody, nor be deployed by pushes to other repositories. */
function requireApart(folder: string, { git_dir, hooks, top }: Place['place']): void {
  if (folder === top || isInside(folder, git_dir))
    throw new Refusal('usage', `${folder} is the repository itself.`, {
      hint: 'Push to a bare repository beside it: git init --bare FOLDER.git, and install the hook there.',
    });
  if (!isInside(hooks, git_dir) && (top === undefined || !isInside(hooks, top)))
    throw new Refusal('usage', `core.hooksPath is ${hooks}, where other repositories may have their hooks too.`, {
      hint: 'Set it for this repository alone: git config core.hooksPath hooks',
    });
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
