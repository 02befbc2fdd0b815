import { defineTrigger } from '../../src/runner/contract.ts';
import { sayDuration } from '../stack/words.ts';
import type { HealthParams } from './health-watch.ts';
import { ofServices, servicesParam } from './services.ts';

/** Bad when a service is not what it should be for a while: Docker itself restarts nobody for being unhealthy. */
export const watchHealth = defineTrigger<HealthParams>({
  summary: 'Notice a service that is unhealthy, ended or missing for a while.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      for: {
        type: 'string',
        format: 'duration',
        default: '10s',
        description: 'How long a service must be bad without a break.',
      },
      services: servicesParam,
    },
  },
  examples: [
    { title: 'Every service but the jobs', with: { for: '10s' } },
    { title: 'Only what the customers see', with: { for: '5s', services: ['web', 'api'] } },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['bad_for', 'unhealthy', 'missing', 'services'],
    properties: {
      bad_for: {
        type: 'number',
        description: 'For how many seconds the worst service has been bad; 0.0 when all are good.',
      },
      unhealthy: { type: 'integer', description: 'How many running containers are unhealthy.' },
      missing: { type: 'integer', description: 'How many containers the services have too few running.' },
      services: {
        type: 'array',
        items: { type: 'string' },
        description: 'Names of the services that are bad at this moment.',
      },
    },
  },
  say: ({ for: span, services }) => `${ofServices(services)}unhealthy for ${sayDuration(span)}`,
  needs: ({ for: span }) => span,
  objection: async (params, look, window) => (await import('./health-watch.ts')).objectToHealth(params, look, window),
  baseline: async (params, look) => (await import('./health-watch.ts')).healthBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./health-watch.ts')).runHealth(params, watching);
  },
});
