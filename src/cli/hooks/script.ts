import { HOOKS, type HookName } from './names.ts';

export type Script = {
  name: HookName;
  /** Absolute paths of Node and of the program: the PATH of a hook is often a bare one. */
  node: string;
  program: string;
  /** Options of `playbook hook`. */
  options: readonly string[];
};

/** What stands in a file of ours, and in no other. */
const MARK = '# Written by `playbook hooks install`; `playbook hooks uninstall` takes it away.';

/** The ending of a hook that was there before: it is run first. */
export const BEFORE = '.before-playbook';

/** The text of a hook: runs the one that was there before, then `playbook hook NAME`, both with all that git says. */
export function hookScript({ name, node, program, options }: Script): string {
  const { input, refuses } = HOOKS[name];
  const feed = input ? 'feed | ' : '';
  const command = [node, program, 'hook', name, ...options, '--'].map(quoted).join(' ');
  return [
    '#!/bin/sh',
    MARK,
    `before="\${0%/*}/${name}${BEFORE}"`,
    ...(input ? ['input=$(cat)', `feed() { [ -z "$input" ] || printf '%s\\n' "$input"; }`] : []),
    `if [ -x "$before" ]; then ${feed}"$before" "$@" || ${refuses ? 'exit $?' : ':'}; fi`,
    `${feed}exec ${command} "$@"`,
    '',
  ].join('\n');
}

export function isOurs(text: string): boolean {
  return text.includes(MARK);
}

/** One word for a shell, whatever is in it. */
function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
