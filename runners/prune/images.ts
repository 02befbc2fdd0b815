import { defineAction } from '../../src/runner/contract.ts';
import type { ImagesParams } from './images-run.ts';
import { olderThan, type PruneOutputs, type PruneReceipt, pruneOutputs } from './outputs.ts';

/** `prune.images`: removes images that nothing needs. */
export const images = defineAction<ImagesParams, PruneReceipt, PruneOutputs>({
  summary: 'Remove images that no container, no kept release and no unfinished run needs.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      what: {
        type: 'string',
        enum: ['dangling', 'unused'],
        default: 'dangling',
        description: 'Images without a name, or also those with a name that no container uses.',
      },
      older_than: olderThan('images'),
    },
  },
  examples: [
    { title: 'What builds and pulls have left', with: {} },
    { title: 'All that no container uses, older than a week', with: { what: 'unused', older_than: '168h' } },
  ],
  effect: 'convergent',
  outputs: pruneOutputs,
  timeout: '30m',
  plan: async (params, look) => (await import('./images-run.ts')).planImages(params, look),
  run: async (params, context) => (await import('./images-run.ts')).pruneImages(params, context),
  undo: { impossible: 'a removed image has to be pulled or built again' },
});
