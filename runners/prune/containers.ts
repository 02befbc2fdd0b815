import { defineAction } from '../../src/runner/contract.ts';
import type { AgeParams } from './containers-run.ts';
import { olderThan, type PruneOutputs, type PruneReceipt, pruneOutputs } from './outputs.ts';

/** `prune.containers`: removes stopped containers that belong to nobody. */
export const containers = defineAction<AgeParams, PruneReceipt, PruneOutputs>({
  summary: 'Remove stopped containers of no stack, ended one-off containers, and what broken recreates have left.',
  params: { type: 'object', additionalProperties: false, properties: { older_than: olderThan('containers') } },
  examples: [{ title: 'Older than a day', with: {} }],
  effect: 'convergent',
  outputs: pruneOutputs,
  timeout: '10m',
  plan: async (params, look) => (await import('./containers-run.ts')).planContainers(params, look),
  run: async (params, context) => (await import('./containers-run.ts')).pruneContainers(params, context),
  undo: { impossible: 'what was written inside a removed container is gone' },
});
