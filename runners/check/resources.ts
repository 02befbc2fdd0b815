import { defineGuard } from '../../src/runner/contract.ts';
import type { Reserve } from './decide-resources.ts';

/** Whether there is room for what will run and for the images it brings. */
export const checkResources = defineGuard<Reserve>({
  summary: 'There is memory, CPU, disk and room for files for what the run adds.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      memory: {
        type: 'string',
        format: 'size',
        default: '128m',
        description: 'Memory that must be free besides what new containers reserve.',
      },
      disk: {
        type: 'string',
        format: 'size',
        default: '1g',
        description: 'Disk that must be free where the engine stores, besides the images that come.',
      },
      cpu: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Cores that must idle, by the load of the last minute.',
      },
      inodes: { type: 'integer', minimum: 0, default: 10_000, description: 'Files that there must be room for.' },
    },
  },
  examples: [
    { title: 'For a small stack', with: { memory: '512m', disk: '2g' } },
    { title: 'Not while the machine is busy', with: { cpu: 0.5 } },
  ],
  judge: async (reserve, look, earlier) => (await import('./judge-resources.ts')).judge(reserve, look, earlier),
});
