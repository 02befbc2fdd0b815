import { defineAction } from '../../src/runner/contract.ts';
import type { AgeParams } from './containers-run.ts';
import { olderThan, type PruneOutputs, type PruneReceipt, pruneOutputs } from './outputs.ts';

/** `prune.networks`: removes networks of stacks that are gone. */
export const networks = defineAction<AgeParams, PruneReceipt, PruneOutputs>({
  summary: 'Remove networks that nothing is in and whose stack is gone.',
  params: { type: 'object', additionalProperties: false, properties: { older_than: olderThan('networks') } },
  examples: [{ title: 'Older than a day', with: {} }],
  effect: 'convergent',
  outputs: pruneOutputs,
  timeout: '5m',
  plan: async (params, look) => (await import('./networks-run.ts')).planNetworks(params, look),
  run: async (params, context) => (await import('./networks-run.ts')).pruneNetworks(params, context),
  undo: { impossible: 'Compose makes it again when the stack is started' },
});
