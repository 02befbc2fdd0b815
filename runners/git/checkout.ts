import { defineAction, type JsonSchema } from '../../src/runner/contract.ts';
import type { GitMove } from '../clients/git-folder.ts';

/** Names of files and commits are taken as they are: `{{` is a fine name. */
const PATH: JsonSchema = { type: 'string', minLength: 1, 'x-template': false };
const COMMIT: JsonSchema = {
  type: 'string',
  pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
  title: 'the full name of a commit',
  'x-template': false,
};

export type CheckoutParams = {
  repository: string;
  folder: string;
  commit: string;
  from?: string;
  made?: string[];
  umask: number;
};
export type CheckoutOutputs = { commit: string; say: string };

/** What a push to deploy begins with. */
export const gitCheckout = defineAction<CheckoutParams, GitMove, CheckoutOutputs>({
  summary: 'Put a folder on a commit; a push to deploy has it as its first step, and nothing else needs it.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['repository', 'folder', 'commit'],
    properties: {
      repository: { ...PATH, description: 'The repository: its git folder.' },
      folder: { ...PATH, description: 'The folder that the stack is run from, a work tree of the repository.' },
      commit: { ...COMMIT, description: 'The commit to put it on.' },
      from: { ...COMMIT, description: 'The commit it was on. Left out: it was no checkout before.' },
      umask: {
        type: 'integer',
        default: 18,
        description: 'Which rights new files do not get, as the shell has it (18 is 022).',
      },
      made: {
        type: 'array',
        items: PATH,
        description: 'Files that were missing in a folder that was no checkout before; the way back takes them away.',
      },
    },
  },
  examples: [
    {
      title: 'What the hook post-receive writes',
      with: { repository: '/srv/shop.git', folder: '/srv/shop', commit: '3c9e1f2ab05d4c6f8e7d9a1b2c3d4e5f60718293' },
    },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['commit', 'say'],
    properties: {
      commit: { type: 'string', description: 'The commit that the folder is on.' },
      say: { type: 'string', description: 'What was done, as a clause.' },
    },
  },
  timeout: '5m',
  plan: async (params, look) => (await import('./checkout-run.ts')).planCheckout(params, look),
  run: async (params, context) => (await import('./checkout-run.ts')).runCheckout(params, context),
  undo: async (receipt, context) => (await import('./checkout-run.ts')).undoCheckout(receipt, context),
});
