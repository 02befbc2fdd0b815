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
  'pre-receive': {
    input: true,
    refuses: true,
    says: 'refuses a push that has a problem, or that could not be deployed',
  },
  'post-receive': { input: true, refuses: false, says: 'deploys what is pushed to this repository' },
  'post-merge': { input: false, refuses: false, says: 'deploys what is pulled or merged into this folder' },
} as const satisfies Record<string, HookKind>;

export type HookName = keyof typeof HOOKS;

export const HOOK_NAMES = Object.keys(HOOKS) as HookName[];

export function isHookName(name: string): name is HookName {
  return Object.hasOwn(HOOKS, name);
}
