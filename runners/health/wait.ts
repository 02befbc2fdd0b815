import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { Found } from './report.ts';
import type { WaitParams } from './wait-run.ts';

/** Waits until the services are healthy and stay so; reads the engine itself, for `up --wait` is no gate. */
export const healthWait = defineAction<WaitParams, null, Found>({
  summary: 'Wait until services are healthy, and stay so for a while.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      services: {
        type: 'array',
        items: { type: 'string', format: 'service' },
        minItems: 1,
        description: 'The services to wait for; left out: all of them.',
      },
      containers: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'Only these containers, by their full IDs, in place of services; one that goes away is a failure.',
      },
      stable_for: {
        type: 'string',
        format: 'duration',
        default: '10s',
        description: 'How long they must stay good without a break; a flap or a restart starts it anew.',
      },
      deadline: {
        type: 'string',
        format: 'duration',
        description:
          'How long each service has to become healthy; left out: what its own healthcheck needs to give an answer, at least 30s.',
      },
      every: {
        type: 'string',
        format: 'duration',
        default: '1s',
        description: 'How often to look besides when the engine tells of an event.',
      },
    },
  },
  examples: [
    { title: 'All services, each by its own healthcheck', with: { stable_for: '10s' } },
    { title: 'The new containers of a batch', with: { containers: ['8d1b6a0f4c2e'], stable_for: '10s' } },
    { title: 'One service that must be there fast', with: { services: ['web'], stable_for: '5s', deadline: '2m' } },
  ],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['services', 'waited_ms', 'healthy', 'say'],
    properties: {
      services: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'State by service: healthy, running (no healthcheck) or done (a job).',
      },
      waited_ms: { type: 'integer', description: 'How long it took, in milliseconds.' },
      healthy: { type: 'integer', description: 'How many services have a healthcheck that passes.' },
      say: sayOutput,
    },
  },
  timeout: '10m',
  plan: async (params, look) => (await import('./wait-run.ts')).planWait(params, look),
  run: async (params, context) => (await import('./wait-run.ts')).runWait(params, context),
  undo: { unneeded: 'it only looks' },
});
