/** What of a hook its script has to know. */
export type HookKind = {
  /** Git tells it on its standard input what it is about. */
  input: boolean;
  /** Git stops when it fails. */
  refuses: boolean;
  says: string;
};

/** The hooks that can be installed. */
export const HOOKS = {
  'pre-commit': { input: false, refuses: true, says: 'checks the playbooks that a commit would change' },
  'pre-push': { input: true, refuses: true, says: 'checks the playbooks that a push would change' },
  'post-receive': { input: true, refuses: false, says: 'deploys what is pushed to this repository' },
} as const satisfies Record<string, HookKind>;

/** Those that start a playbook: they are told where, and with what. */
export const STARTING: ReadonlySet<string> = new Set(['post-receive']);

export type HookName = keyof typeof HOOKS;

export const HOOK_NAMES = Object.keys(HOOKS) as HookName[];

export function isHookName(name: string): name is HookName {
  return Object.hasOwn(HOOKS, name);
}
