import { defineTrigger } from '../../src/runner/contract.ts';
import { objectToServices, ofServices, servicesParam } from './services.ts';
import type { UsageParams } from './usage-watch.ts';

/** Bad when the stack needs nearly all that it may have. */
export const watchUsage = defineTrigger<UsageParams>({
  summary: 'Measure the CPU and memory that containers use, in percent of what they may use.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      every: { type: 'string', format: 'duration', default: '5s', description: 'How often to measure.' },
      of: {
        type: 'string',
        enum: ['limit', 'host'],
        default: 'limit',
        description:
          'Percent of what: each container of its own limit, and those without one together of the host; or all together of the host.',
      },
      services: servicesParam,
    },
  },
  examples: [
    { title: 'Every container', with: { every: '5s' } },
    { title: 'The share of the host that two services take', with: { of: 'host', services: ['web', 'worker'] } },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['cpu', 'memory', 'cpu_of', 'memory_of'],
    properties: {
      cpu: { type: 'number', description: 'CPU in percent, of whoever is nearest to the limit.' },
      memory: {
        type: 'number',
        description: 'Memory in percent, page cache not counted, of whoever is nearest to the limit.',
      },
      cpu_of: { type: 'string', description: 'The service that needs most of the CPU.' },
      memory_of: { type: 'string', description: 'The service that needs most of the memory.' },
    },
  },
  say: ({ services }) => `${ofServices(services)}cpu or memory over 95 %`,
  needs: ({ every }) => every,
  objection: objectToServices,
  baseline: async (params, look) => (await import('./usage-watch.ts')).usageBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./usage-watch.ts')).runUsage(params, watching);
  },
});
