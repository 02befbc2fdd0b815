import { resolve, sep } from 'node:path';
import { Refusal } from '../../errors.ts';
import type { Flags } from '../command.ts';
import type { HookName } from './names.ts';

type Place = { place: { git_dir: string; hooks: string; top?: string }; cwd: string };

/** The playbooks that a hook is told of, by their paths in the repository. */
function playbooksOf({ playbook = [] }: Pick<Flags, 'playbook'>): string[] {
  return playbook.flatMap((file) => ['--playbook', file]);
}

/** What the script of a hook says to `playbook hook`; paths in full, for git calls it in another folder. */
export function scriptOptions(name: HookName, flags: Flags, where: Place): string[] {
  switch (name) {
    case 'pre-commit':
    case 'pre-push':
      return playbooksOf(flags);
    case 'pre-receive':
      return flags.folder === undefined ? playbooksOf(flags) : startingIn(flags.folder, name, flags, where);
    case 'post-receive':
      return startingIn(flags.folder, name, flags, where);
    case 'post-merge':
      return startingInClone(flags, where);
  }
}

function startingIn(given: string | undefined, name: HookName, flags: Flags, { place, cwd }: Place): string[] {
  if (given === undefined || flags.playbook?.length !== 1)
    throw new Refusal('usage', `${name} needs --folder, the stack's folder, and one --playbook.`, {
      hint: 'The playbook is named by its path in the repository.',
    });
  const folder = resolve(cwd, given);
  requireApart(folder, place);
  return starting(folder, flags, cwd);
}

function startingInClone(flags: Flags, { place, cwd }: Place): string[] {
  const { top } = place;
  if (flags.playbook?.length !== 1)
    throw new Refusal('usage', 'post-merge needs one --playbook.', {
      hint: 'The playbook is named by its path in the repository.',
    });
  const folder = flags.folder === undefined ? top : resolve(cwd, flags.folder);
  if (top === undefined || folder === undefined || !isInside(folder, top))
    throw new Refusal(
      'usage',
      `post-merge deploys in the clone itself${top === undefined ? ', and this is none' : ''}.`,
      {
        hint: 'Go to the clone that the stack is run from; --folder may name a folder in it. A bare repository takes post-receive.',
      },
    );
  requireOwnHooks(place);
  return starting(folder, flags, cwd);
}

function starting(folder: string, flags: Flags, cwd: string): string[] {
  const { input, stateDir } = flags;
  return [
    '--folder',
    folder,
    ...playbooksOf(flags),
    ...Object.entries(input).flatMap(([key, value]) => ['--input', `${key}=${value}`]),
    ...(stateDir === undefined ? [] : ['--state-dir', resolve(cwd, stateDir)]),
  ];
}

/** What is pushed here must neither overwrite the work of somebody, nor be deployed by pushes to other repositories. */
function requireApart(folder: string, place: Place['place']): void {
  if (folder === place.top || isInside(folder, place.git_dir))
    throw new Refusal('usage', `${folder} is the repository itself.`, {
      hint: 'Push to a bare repository beside it: git init --bare FOLDER.git, and install the hook there.',
    });
  requireOwnHooks(place);
}

function requireOwnHooks({ git_dir, hooks, top }: Place['place']): void {
  if (!isInside(hooks, git_dir) && (top === undefined || !isInside(hooks, top)))
    throw new Refusal('usage', `core.hooksPath is ${hooks}, where other repositories may have their hooks too.`, {
      hint: 'Set it for this repository alone: git config core.hooksPath hooks',
    });
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
