import { defineGuard } from '../../src/runner/contract.ts';
import type { DiskParams } from './decide-disk.ts';

/** Whether clearing up is due: go when little disk is free where the engine stores. */
export const checkDisk = defineGuard<DiskParams>({
  summary: 'Clearing up is due: less than so much disk is free where the engine stores.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      below_percent: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 100,
        description: 'Go only where less than this part of the disk is free; 100: always.',
      },
    },
  },
  examples: [{ title: 'When less than a fifth is free', with: { below_percent: 20 } }],
  judge: async (params, look) => (await import('./judge-disk.ts')).judge(params, look),
});
