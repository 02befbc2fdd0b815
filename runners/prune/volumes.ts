import { defineAction } from '../../src/runner/contract.ts';
import { type PruneOutputs, type PruneReceipt, pruneOutputs } from './outputs.ts';
import type { VolumesParams } from './volumes-run.ts';

/** `prune.volumes`: removes volumes that are named, and no others. */
export const volumes = defineAction<VolumesParams, PruneReceipt, PruneOutputs>({
  summary: 'Remove these volumes with all that is in them. None is ever removed without being named.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['names'],
    properties: {
      names: {
        type: 'array',
        description: 'Volumes that no container uses, one by one.',
        items: { type: 'string', minLength: 1, 'x-untainted': true },
      },
    },
  },
  examples: [{ title: 'One volume of a stack that is gone', with: { names: ['old_data'] } }],
  effect: 'convergent',
  outputs: pruneOutputs,
  timeout: '10m',
  plan: async (params, look) => (await import('./volumes-run.ts')).planVolumes(params, look),
  run: async (params, context) => (await import('./volumes-run.ts')).pruneVolumes(params, context),
  undo: { impossible: 'what was in a removed volume is gone for good' },
});
