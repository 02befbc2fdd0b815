import { defineAction } from '../../src/runner/contract.ts';
import type { CacheParams } from './build-cache-run.ts';
import { type PruneOutputs, type PruneReceipt, pruneOutputs } from './outputs.ts';

/** `prune.build_cache`: clears the build cache, but for so much of it. */
export const buildCache = defineAction<CacheParams, PruneReceipt, PruneOutputs>({
  summary: 'Clear the build cache, but for the newest part of it.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: { type: 'string', format: 'size', default: '0b', description: 'How much of it stays, the newest first.' },
    },
  },
  examples: [{ title: 'All but 2 GB', with: { keep: '2g' } }],
  effect: 'convergent',
  outputs: pruneOutputs,
  timeout: '15m',
  plan: async (params, look) => (await import('./build-cache-run.ts')).planCache(params, look),
  run: async (params, context) => (await import('./build-cache-run.ts')).pruneCache(params, context),
  undo: { impossible: 'the next build makes it again, and takes longer' },
});
